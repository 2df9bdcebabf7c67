"""The database's answer was lost: what does no harm twice is asked for again, so that no client sends its document
twice.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ippgate.model.errors import SpoolFull, Unavailable

_Answer = TypeVar("_Answer")
_PAUSE = 0.25  # seconds before the database is asked again


async def insist(act: Callable[[], Awaitable[_Answer]], seconds: float) -> _Answer:
    """Act, again and again for so long while the database is away. Raises SpoolFull at once, Unavailable at the end."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while True:
        try:
            return await act()
        except SpoolFull:
            raise
        except Unavailable:
            if loop.time() >= until:
                raise
            await asyncio.sleep(_PAUSE)

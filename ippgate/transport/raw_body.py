"""What a device that knows no job attributes is sent: the document, between PJL lines where it speaks PJL."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from ippgate.document.pjl import footer, header, ticket_of
from ippgate.model.parcel import Parcel
from ippgate.transport.source import Source


class RawBody:
    """The octets of one delivery. `size` counts them, lines and all; None while the document's own is not known."""

    def __init__(self, parcel: Parcel, source: Source, *, pjl: bool) -> None:
        ticket = ticket_of(parcel.name, parcel.user, parcel.template)
        self._source = source
        self._before, self._after = (header(ticket), footer(ticket)) if pjl else (b"", b"")
        self.size = None if parcel.size is None else len(self._before) + parcel.size + len(self._after)

    async def pieces(self) -> AsyncGenerator[bytes | memoryview, None]:
        """Yield all of it, once. The header and the first piece leave together: one packet less before the device
        begins.
        """
        ahead = self._before
        async with aclosing(self._source.pieces()) as pieces:
            async for piece in pieces:
                yield ahead + piece if ahead else piece
                ahead = b""
        if last := ahead + self._after:
            yield last

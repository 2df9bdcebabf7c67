"""A document in memory, as the examiners want it, which remembers what was read of it."""

from collections.abc import AsyncGenerator

FRAME = 1024 * 1024


class InMemory:
    """chunks_read and read: how much was asked for in either way; closed: the stream was let go of."""

    def __init__(self, octets: bytes, *, size: int | None = None, chunk: int = FRAME) -> None:
        self.octets, self.size, self.chunk = octets, len(octets) if size is None else size, chunk
        self.chunks_read = 0
        self.read: list[tuple[int, int]] = []
        self.closed = False

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        try:
            for start in range(0, len(self.octets), self.chunk):
                self.chunks_read += 1
                yield self.octets[start : start + self.chunk]
        finally:
            self.closed = True

    async def read_at(self, offset: int, length: int) -> bytes:
        self.read.append((offset, length))
        return self.octets[offset : offset + length]

"""`ippgate document …`: what a file is found to be, by the same examiners as at the gate, in a process of their own."""

import asyncio
import os
from collections.abc import AsyncGenerator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from ippgate.cli.show import AsJson, Column, listing
from ippgate.cli.work import commands, quiet
from ippgate.model.facts import DocumentFacts, MediaUse

app = commands("Documents: what a file is found to be.")

COLUMNS = (
    Column("file", "File", long=True),
    Column("document_format", "Format"),
    Column("pages", "Pages", right=True),
    Column("color_pages", "Color", right=True),
    Column("copies", "Copies", right=True),
    Column("sides", "Sides"),
    Column("sizes", "Media", long=True),
    Column("title", "Title", long=True),
    Column("producer", "Producer", long=True),
    Column("unknown", "Unknown because", long=True),
)
_CHUNK = 1024 * 1024


@app.callback()
def document() -> None:
    """Documents: what a file is found to be."""


@app.command()
def show(
    context: typer.Context,
    *,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files to examine.")],
    as_json: AsJson = False,
) -> None:
    """Examine files as the gate examines what arrives: format, pages, colour, media."""
    quiet(context)
    found = asyncio.run(examined(files))
    rows = [_told(file, facts) for file, facts in zip(files, found, strict=True)]
    listing(rows, COLUMNS, as_json=as_json, nothing="")


async def examined(files: list[Path]) -> list[DocumentFacts]:
    """What files are found to be. Raises OSError for one that cannot be read."""
    from ippgate.examine import Examiners  # noqa: PLC0415 - help needs no examiners

    async with Examiners() as examiners:
        found = []
        for path in files:
            with path.open("rb") as file:
                found.append(await examiners.examine(_File(file)))
        return found


class _File:
    """A file as a document that has arrived."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = os.fstat(file.fileno()).st_size

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """All of it."""
        offset = 0
        while chunk := await self.read_at(offset, _CHUNK):
            yield chunk
            offset += len(chunk)

    async def read_at(self, offset: int, length: int) -> bytes:
        """A stretch of it."""
        return await asyncio.to_thread(os.pread, self._file.fileno(), length, offset)


def _told(file: Path, facts: DocumentFacts) -> dict[str, Any]:
    return {"file": str(file), **asdict(facts), "color": facts.color, "sizes": [_size(use) for use in facts.media]}


def _size(use: MediaUse) -> str:
    """`210x297mm: 4`."""
    return f"{use.x / 100:.0f}x{use.y / 100:.0f}mm: {use.pages}"

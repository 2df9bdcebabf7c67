"""A PNG is one page, and whether it is grey is told by its samples, without unfiltering them."""

import struct
import zlib
from collections.abc import Iterable
from io import BytesIO

import pytest
from PIL import Image

from ippgate.document.png import DAMAGED, PngExaminer
from ippgate.model.facts import DocumentFacts, MediaUse

WIDTH, HEIGHT = 61, 37


def picture(mode: str, *, colored: bool = False) -> Image.Image:
    """Greys all over; `colored`: with one pixel, the last, that is not."""
    grey = Image.linear_gradient("L").resize((WIDTH, HEIGHT)).convert("RGBA")
    if colored:
        grey.putpixel((WIDTH - 1, HEIGHT - 1), (200, 100, 100, 255))
    return grey.convert(mode)


def png(image: Image.Image, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


def chunked(*chunks: tuple[bytes, bytes]) -> bytes:
    framed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def rgb(rows: Iterable[bytes], width: int, height: int, *, depth: int = 8, interlaced: bool = False) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, interlaced)
    return chunked((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))


def examined(octets: bytes, step: int = 0) -> DocumentFacts:
    examiner = PngExaminer()
    for start in range(0, len(octets), step or len(octets) or 1):
        if not examiner.feed(octets[start : start + (step or len(octets))]):
            break
    return examiner.close()


@pytest.mark.parametrize("step", [0, 1, 13])
@pytest.mark.parametrize(
    ("mode", "colored", "color_pages"),
    [
        ("1", False, 0),
        ("L", False, 0),
        ("LA", False, 0),
        ("I;16", False, 0),
        ("RGB", False, 0),
        ("RGBA", False, 0),
        ("RGB", True, 1),
        ("RGBA", True, 1),
    ],
)
def test_grey_is_told_from_color(mode: str, colored: bool, color_pages: int, step: int) -> None:
    image = picture("L").convert("I;16") if mode == "I;16" else picture(mode, colored=colored)
    facts = examined(png(image), step)
    assert (facts.pages, facts.color_pages, facts.unknown) == (1, color_pages, "")


def test_every_filter_is_seen_through() -> None:
    """Filters work on each channel alone: equal channels stay equal, whatever the filter."""
    row = bytes(value for value in range(20) for _ in range(3))
    grey = [bytes([kind]) + row for kind in range(5)]
    assert examined(rgb(grey, 20, 5)).color_pages == 0
    assert examined(rgb([*grey[:4], b"\4" + row[:-1] + b"\0"], 20, 5)).color_pages == 1


def test_both_octets_of_deep_samples_count() -> None:
    grey = b"\0" + b"\x12\x34" * 3 * 4
    assert examined(rgb([grey], 4, 1, depth=16)).color_pages == 0
    assert examined(rgb([grey[:-1] + b"\x35"], 4, 1, depth=16)).color_pages == 1


def test_interlaced_rows_are_as_long_as_their_pass() -> None:
    passes = [(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)]  # of an image of 8 by 8: columns and rows
    rows = [b"\0" + b"\x40\x40\x40" * columns for columns, count in passes for _ in range(count)]
    assert examined(rgb(rows, 8, 8, interlaced=True)).color_pages == 0
    assert examined(rgb([*rows[:-1], rows[-1][:-1] + b"\x41"], 8, 8, interlaced=True)).color_pages == 1


def test_a_palette_is_as_colored_as_its_entries() -> None:
    grey, colored = picture("L").quantize(8).convert("P"), Image.new("RGB", (9, 9), (200, 100, 100)).quantize(8)
    assert examined(png(grey)).color_pages == 0
    assert examined(png(colored)).color_pages == 1


def test_size_comes_from_density() -> None:
    assert examined(png(picture("L").resize((300, 150)), dpi=(300, 300))).media == (MediaUse(2540, 1270, 1),)
    assert examined(png(picture("L"))).media == ()


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_a_cut_one_is_a_page_of_unknown_color(cut: float) -> None:
    octets = png(Image.effect_noise((400, 400), 50).convert("RGB"))
    facts = examined(octets[: int(len(octets) * cut)])
    assert (facts.pages, facts.color_pages) == (1, None)


def test_samples_that_do_not_inflate_leave_the_color_unknown() -> None:
    header = struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0)
    assert examined(chunked((b"IHDR", header), (b"IDAT", b"no zlib"))).color_pages is None


def test_a_bomb_is_not_inflated_beyond_its_rows() -> None:
    examiner = PngExaminer()
    assert not examiner.feed(rgb([bytes(10_000_000)], 10, 10))
    assert examiner.close().color_pages == 0


@pytest.mark.parametrize(("width", "height"), [(10_000_000, 2), (2, 10_000_000)])
def test_monstrous_rows_are_not_looked_at(width: int, height: int) -> None:
    facts = examined(rgb([bytes(9)], width, height))
    assert (facts.pages, facts.color_pages) == (1, None)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        chunked((b"IEND", b"")),
        chunked((b"IHDR", bytes(13))),
        chunked((b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 7, 0, 0, 0))),
        chunked((b"IHDR", b"x" * 99)),
        chunked((b"IDAT", b"x")),
    ],
)
def test_without_a_header_the_reason_is_said(octets: bytes) -> None:
    assert examined(octets) == DocumentFacts("image/png", unknown=DAMAGED)

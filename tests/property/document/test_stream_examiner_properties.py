"""The languages of raw devices and rasters: any octets, cut anywhere, are the same facts or the same reason; state is
bounded."""

import gc
from collections.abc import Callable
from itertools import pairwise
from types import FunctionType, MethodType, ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ippgate.document.examination import Examination
from ippgate.document.examiner import Examiner
from ippgate.document.pcl import PclExaminer
from ippgate.document.pclxl import PclxlExaminer
from ippgate.document.pjl_job import PjlJobExaminer
from ippgate.document.postscript import PostScriptExaminer
from ippgate.document.pwg_raster import PwgRasterExaminer
from ippgate.document.unpacking import replace_delta, replace_packed_delta, unpack_bits, unpack_row, unpack_runs
from ippgate.document.urf import UrfExaminer
from ippgate.model.facts import DocumentFacts
from tests.unit.document import xl
from tests.unit.document.raster_pages import lines, literal, pwg_header, repeated, urf_file, urf_header

MOST_HELD = 2 * 1024 * 1024
"""Octets that an examiner may hold between two chunks: the planes of a row, and less of all else."""

Make = Callable[[], Examiner]
E = b"\x1b"


def pjl_job() -> Examiner:
    return PjlJobExaminer(lambda name: PostScriptExaminer() if name == "application/postscript" else None)


RGB = xl.op("SetColorSpace", ColorSpace=xl.RGB)
XL_WORDS = [
    *(
        xl.HEADER,
        xl.op("BeginSession"),
        xl.op("EndSession"),
        xl.op("BeginPage", MediaSize=2),
        xl.op("EndPage", PageCopies=2),
    ),
    *(RGB, xl.op("SetBrushSource", RGBColor=b"\1\2\3"), xl.op("SetBrushSource", GrayLevel=9), xl.op("PushGS")),
    *(
        xl.op("PopGS"),
        xl.op("Rectangle", BoundingBox=[1, 2, 3, 4]),
        xl.op("Text", TextData="text"),
        xl.data(b"\x41" * 40),
    ),
    *(
        xl.page(RGB, xl.image(b"\5" * 6)),
        xl.page(RGB, xl.image(b"\5" * 5 + b"\6", mode=xl.RLE)),
        xl.page(xl.op("ExecStream")),
    ),
    *(b"\xc8\xc1\xff\xff", b"\xfa\xff\0\0\0", b"\xf8\x0b", b"\xc0\x07\xf8\x31", b"\xb1", xl.UEL, b"\x44", b"\xa0"),
]
PCL_WORDS = [
    *(
        E + b"(s0p10h12V",
        E + b"&a10h7000V",
        E + b"*p5x3000Y",
        E + b"(8U",
        E + b"&d0D",
        b"  ",
        b"word",
        b"\n" * 9,
        E + b"*c9a9B",
    ),
    *(
        E + b"E",
        E + b"&l26A",
        E + b"&l2A",
        E + b"&l1O",
        E + b"&l1x2S",
        E + b"*r3U",
        E + b"*v1S",
        E + b"*t300R",
        E + b"*r1A",
    ),
    *(E + b"*b2m3W\1\2\3", E + b"*b3m2V\1\2", E + b"*b3W\1", E + b"*rB", E + b"*v6W\0\3\0\x08\x08\x08", E + b"*r-4U"),
    *(
        E + b"%0BIN;SP2;PD5,5;",
        b"PC2,9,9,8;LBx\x03",
        E + b"%0A",
        E + b"&f1y0X",
        E + b"&f1X",
        E + b"&f2X",
        E + b"&f4X",
        E + b"Y",
    ),
    *(
        E + b"Z",
        E + b"&s0C",
        E + b"&k3G",
        E + b"&a+9R",
        E + b"*p9000Y",
        E + b"=",
        E + b"&p3X\f\f\f",
        b"text\r\n" * 40,
        b"\f",
    ),
    *(
        E + b"*b999W",
        E + b"*v3a2b1c1I",
        E + b"&l",
        b"12",
        b"x",
        b"X",
        xl.UEL,
        b"@PJL ENTER LANGUAGE=PCL\r\n",
        b"@PJL SET COPIES=2\n",
    ),
]
RASTER_WORDS = [
    *(
        b"RaS2",
        b"3SaR",
        b"RaS3",
        pwg_header(),
        pwg_header(space=18, colors=1),
        pwg_header(bits=16),
        pwg_header(color_order=2),
    ),
    *(
        pwg_header(height=0),
        pwg_header(copies=2, total=3),
        urf_file(),
        urf_file(2),
        urf_header(),
        urf_header(space=0, bits=8),
    ),
    *(lines(repeated(b"\1\1\1", 4), 2), lines(literal(b"\1\1\1\2\2\3", 2) + b"\x80", 2), bytes(24), b"\0\3\7", b"\x80"),
]
EXAMINERS: dict[str, tuple[Make, list[bytes]]] = {
    "pwg-raster": (PwgRasterExaminer, [b"RaS2" + pwg_header(), *RASTER_WORDS]),
    "urf": (UrfExaminer, [urf_file() + urf_header(), *RASTER_WORDS]),
    "pcl": (PclExaminer, PCL_WORDS),
    "pclxl": (PclxlExaminer, [xl.HEADER + b"\x41", *XL_WORDS]),
    "pjl": (pjl_job, [*PCL_WORDS, *XL_WORDS, xl.UEL, b"@PJL ENTER LANGUAGE=PCLXL\n", b"%!PS\nshowpage\n"]),
    "any": (Examination, [*PCL_WORDS, *XL_WORDS, *RASTER_WORDS]),
}
CUTS = st.lists(st.integers(0, 10_000), max_size=10)


def examined(make: Make, octets: bytes, cuts: list[int]) -> DocumentFacts:
    examiner = make()
    edges = [0, *sorted(cut % (len(octets) + 1) for cut in cuts), len(octets)]
    for start, end in pairwise(edges):
        if not examiner.feed(octets[start:end]):
            break
    return examiner.close()


@pytest.mark.parametrize("name", EXAMINERS)
@given(data=st.data(), cuts=CUTS)
@settings(max_examples=150, deadline=None)
def test_octets_cut_anywhere_are_the_same_facts(name: str, data: st.DataObject, cuts: list[int]) -> None:
    make, words = EXAMINERS[name]
    piece = st.one_of(st.sampled_from(words), st.sampled_from(words), st.binary(max_size=12))
    octets = data.draw(st.sampled_from([b"", words[0]])) + b"".join(data.draw(st.lists(piece, max_size=20)))
    facts = examined(make, octets, [])
    assert examined(make, octets, cuts) == facts
    assert examined(make, octets, list(range(len(octets)))) == facts
    assert (facts.pages is None) == bool(facts.unknown)
    assert facts.pages is None or (facts.color_pages or 0) <= facts.pages
    assert sum(use.pages for use in facts.media) <= (facts.pages or 0)


@given(st.binary(max_size=60), st.integers(0, 40), st.sampled_from([0, 1, 2, 3, 4, 9]))
def test_rows_are_unpacked_into_their_width_from_any_octets(payload: bytes, width: int, mode: int) -> None:
    row = bytearray(width)
    assert unpack_row(row, mode, payload) == (mode != 4)
    assert len(row) == width


@given(st.binary(max_size=200), st.integers(0, 200))
def test_packed_bits_are_the_same_in_pieces(packed: bytes, cut: int) -> None:
    whole, _ = unpack_bits(packed)
    first, reached = unpack_bits(packed[:cut])
    second, _ = unpack_bits(packed[:cut][reached:] + packed[cut:])
    assert first + second == whole


@given(st.binary(min_size=1, max_size=40))
def test_each_packing_gives_back_what_was_packed(octets: bytes) -> None:
    assert unpack_bits(bytes((len(octets) - 1,)) + octets)[0] == octets
    assert unpack_runs(b"".join(bytes((0, octet)) for octet in octets)) == octets
    for replace, most, shift in ((replace_delta, 8, 5), (replace_packed_delta, 7, 0)):
        pieces = [octets[at : at + most] for at in range(0, len(octets), most)]
        row = bytearray(len(octets))
        replace(row, b"".join(bytes((len(piece) - 1 << shift,)) + piece for piece in pieces))
        assert row == octets


FLOODS = [
    b"\0",
    b"x",
    b"\xff",
    E,
    E + b"&",
    b"\xc8\xc2\xff\xff\xff\x0f",
    b"\xc0\x01\xf8",
    b"@PJL ",
    b"\x61",
    b"\n",
    b"1",
]


@pytest.mark.parametrize("name", EXAMINERS)
@pytest.mark.parametrize(
    "flood", [*FLOODS, E + b"*p0P", E + b"*v1I", E + b"&f1y0X" + E + b"&f1X", xl.op("PushGS"), xl.UEL]
)
def test_state_is_bounded_whatever_comes(name: str, flood: bytes) -> None:
    make, words = EXAMINERS[name]
    for beginning in (
        b"",
        words[0],
        E + b"*b30000W",
        E + b"*r-4U" + E + b"*r999999S" + E + b"*r1A" + E + b"*b2mb1V\0" * 9,
    ):
        examiner = make()
        examiner.feed(beginning)
        chunk = flood * (65_536 // len(flood))
        for _ in range(10):
            if not examiner.feed(chunk):
                break
        assert held(examiner) < MOST_HELD
        assert examiner.close()


def held(thing: object) -> int:
    """Octets and containers that an object keeps alive, but for code."""
    total, seen, waiting = 0, {id(thing)}, [thing]
    while waiting:
        one = waiting.pop()
        total += len(one) if isinstance(one, bytes | bytearray | str) else 64
        for other in gc.get_referents(one):
            if id(other) not in seen and not isinstance(other, type | ModuleType | FunctionType | MethodType):
                seen.add(id(other))
                waiting.append(other)
    return total

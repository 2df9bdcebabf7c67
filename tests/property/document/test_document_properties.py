"""Any octets, cut anywhere: facts, never an error, and the same facts however they were cut."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ippgate.document.examination import Examination
from ippgate.document.examiner import Examiner
from ippgate.document.jpeg import JpegExaminer
from ippgate.document.png import PngExaminer
from ippgate.document.postscript import PostScriptExaminer
from ippgate.document.sniff import look, sniff
from ippgate.document.text import TextExaminer
from ippgate.model.facts import DocumentFacts
from tests.rig.documents import FOLDER

MOST_HELD = 128 * 1024
"""Octets that an examiner may hold between two chunks."""

EXAMINERS: list[Callable[[], Examiner]] = [JpegExaminer, PngExaminer, PostScriptExaminer, TextExaminer]
WORDS = st.sampled_from(
    [
        *(b"%!PS-Adobe-3.0\n", b"%%Page: 1 1\n", b"%%Pages: 2\n", b"%%EOF\n", b"showpage\n", b"%%BeginDocument: x\n"),
        *(b"%%EndDocument\n", b"%%BeginSetup\n", b"<< /Duplex true >> setpagedevice\n", b"%%Title: (x\\", b"\x04"),
        *(b"\x1b%-12345X", b"@PJL ENTER LANGUAGE=POSTSCRIPT\n", b"@PJL SET COPIES=2\n", b"\x1bE", b"\f", b"\n", b"\r"),
        *(
            b"\xff\xd8",
            b"\xff\xe0\0\x10JFIF\0\1\1\1\0\x48\0\x48\0\0",
            b"\xff\xc0\0\x0b\x08\0\x10\0\x10\1\1\x11\0",
            b"\xff",
        ),
        *(b"\x89PNG\r\n\x1a\n", b"\0\0\0\rIHDR\0\0\0\x05\0\0\0\x05\x08\2\0\0\0xxxx", b"\0\0\0\1IDAT", b"\0\0\0\0IEND"),
        *(b"%PDF-1.7\n", b"RaS2PwgRaster\0", b"UNIRAST\0", b") HP-PCL XL;3;0;\n", b"\x1b&l0O", b"text ", b"\0" * 300),
    ]
)
OCTETS = st.lists(st.one_of(WORDS, st.binary(max_size=40)), max_size=30).map(b"".join)


def examined(examiner: Examiner, octets: bytes, cuts: list[int]) -> DocumentFacts:
    edges = [0, *sorted(cut % (len(octets) + 1) for cut in cuts), len(octets)]
    for start, end in pairwise(edges):
        if not examiner.feed(octets[start:end]):
            break
    return examiner.close()


@given(OCTETS, st.lists(st.integers(0, 2000), max_size=8))
@settings(max_examples=300)
def test_any_octets_cut_anywhere_give_the_same_facts(octets: bytes, cuts: list[int]) -> None:
    assert examined(Examination(), octets, cuts) == examined(Examination(), octets, [])


@pytest.mark.parametrize("examiner", EXAMINERS, ids=lambda kind: kind.__name__)
@given(octets=OCTETS, cuts=st.lists(st.integers(0, 2000), max_size=8))
@settings(max_examples=150)
def test_an_examiner_takes_what_is_not_its_language(
    examiner: Callable[[], Examiner], octets: bytes, cuts: list[int]
) -> None:
    assert examined(examiner(), octets, cuts) == examined(examiner(), octets, [])


@given(OCTETS)
@settings(max_examples=300)
def test_the_format_begins_within_the_document(octets: bytes) -> None:
    found = look(octets)
    assert 0 <= found.start <= len(octets)
    assert sniff(octets) == found.document_format


@given(st.binary(max_size=200), st.sampled_from(sorted(FOLDER.glob("*.*"))), st.integers(0, 5000))
@settings(max_examples=60, deadline=None)
def test_a_real_document_with_a_wound_is_examined(wound: bytes, file: Path, at: int) -> None:
    octets = file.read_bytes()[:100_000]
    wounded = octets[:at] + wound + octets[at + len(wound) :]
    facts = examined(Examination(), wounded, [4096, 50_000])
    assert facts.pages is not None or facts.unknown


@pytest.mark.parametrize("examiner", EXAMINERS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("word", [b"x", b"\xff\xe1\xff\xff", b"%%Title: ", b"/PageSize [", b"\0\0\0\xffabcd", b"\t"])
def test_state_is_bounded_whatever_comes(examiner: Callable[[], Examiner], word: bytes) -> None:
    kept = examiner()
    chunk = word * (65_536 // len(word))
    for _ in range(40):
        kept.feed(chunk)
    assert sum(len(value) for value in vars(kept).values() if isinstance(value, bytes | str)) < MOST_HELD
    assert kept.close()

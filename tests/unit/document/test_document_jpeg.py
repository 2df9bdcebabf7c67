"""A JPEG is one page; its size and whether it is grey are told as far as its headers do."""

from io import BytesIO

import pytest
from PIL import Image

from ippgate.document.jpeg import DAMAGED, JpegExaminer
from ippgate.model.facts import DocumentFacts, MediaUse


def jpeg(mode: str, size: tuple[int, int] = (300, 150), **options: object) -> bytes:
    file = BytesIO()
    Image.new(mode, size).save(file, "JPEG", **options)
    return file.getvalue()


def examined(octets: bytes, step: int = 0) -> DocumentFacts:
    examiner = JpegExaminer()
    for start in range(0, len(octets), step or len(octets) or 1):
        if not examiner.feed(octets[start : start + (step or len(octets))]):
            break
    return examiner.close()


@pytest.mark.parametrize("step", [0, 1, 7])
@pytest.mark.parametrize(("mode", "color_pages"), [("L", 0), ("RGB", None), ("CMYK", None)])
def test_one_component_is_grey_and_several_are_to_be_decoded(mode: str, color_pages: int | None, step: int) -> None:
    facts = examined(jpeg(mode), step)
    assert (facts.pages, facts.color_pages, facts.unknown) == (1, color_pages, "")


def test_size_comes_from_density() -> None:
    assert examined(jpeg("L", dpi=(300, 150))).media == (MediaUse(2540, 2540, 1),)


def test_density_in_centimetres_is_understood() -> None:
    octets = bytearray(jpeg("L", dpi=(100, 100)))
    octets[octets.index(b"JFIF\0") + 7] = 2
    assert examined(bytes(octets)).media == (MediaUse(3000, 1500, 1),)


def test_without_density_the_size_is_not_known() -> None:
    assert examined(jpeg("L")).media == ()


def test_a_progressive_one_is_no_different() -> None:
    assert examined(jpeg("L", progressive=True)).pages == 1


@pytest.mark.parametrize("step", [0, 1000])
def test_much_may_stand_before_the_frame(step: int) -> None:
    plain = jpeg("L")
    notes = b"".join(b"\xff\xe1\xff\xff" + bytes(0xFFFD) for _ in range(20))
    assert examined(plain[:2] + b"\xff\xff" + notes + plain[2:], step).pages == 1


def test_the_frame_is_enough() -> None:
    octets = jpeg("L")
    examiner = JpegExaminer()
    assert not examiner.feed(octets)
    assert not examiner.feed(b"more")
    assert examiner.samples == 300 * 150


@pytest.mark.parametrize(
    "octets",
    [b"", b"\xff", b"\xff\xd8\xff", b"\xff\xd8\xff\xd9", b"\xff\xd8\xff\xda", b"\xff\xd8text", jpeg("L")[:100],
     b"\xff\xd8\xff\xc0\0\x08\x08\0\0\0\0\1", b"\xff\xd8\xff\xc0\0\0", b"\xff\xd8\xff\xe0\0\1" * 9],
)  # fmt: skip
def test_without_a_frame_the_reason_is_said(octets: bytes) -> None:
    assert examined(octets) == DocumentFacts("image/jpeg", unknown=DAMAGED)

"""PDFs written octet by octet: those that no library would write."""

from collections.abc import Mapping

Objects = dict[int, bytes]

PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 9 0 R /Resources << >> >>"
SQUARE = b"0 g 100 100 200 200 re f"


def pdf(objects: Mapping[int, bytes], *, trailer: bytes = b"") -> bytes:
    """Return a PDF of these objects, with a right cross-reference table; object 1 is the catalog."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n" % size
    for number in range(size):
        entry = (offsets[number], 0, b"n") if number in offsets else (0, 65535, b"f")
        out += b"%010d %05d %s \n" % entry
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def stream(octets: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object's body."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(octets), entries, octets)


def pages(tree: bytes, content: bytes = SQUARE, **more: bytes) -> bytes:
    """Return a PDF whose page tree's root is `tree`; objects 3, 4 and 5 are pages, 9 is what they draw.

    more: objects by their number, as `n6=b"…"`; they go before these.
    """
    objects: Objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: tree, 3: PAGE, 4: PAGE, 5: PAGE, 9: stream(content)}
    return pdf(objects | {int(name[1:]): body for name, body in more.items()})


def kids(*numbers: int, count: int | None = None) -> bytes:
    """Return a node of a page tree, with a true count unless another is given."""
    listed = b" ".join(b"%d 0 R" % number for number in numbers)
    return b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, len(numbers) if count is None else count)


HOSTILE: dict[str, bytes] = {
    "a million pages by its count": pages(kids(3, 4, 5, count=1_000_000)),
    "fewer pages by its count": pages(kids(3, 4, 5, count=1)),
    "a negative count": pages(kids(3, 4, 5, count=-5)),
    "a page tree that is its own kid": pages(kids(3, 2, count=2)),
    "page trees that are each other's kids": pages(kids(3, 6), n6=kids(7), n7=kids(6)),
    "a page that is a kid five hundred times": pages(kids(*[3] * 500)),
    "a page of 4 km": pages(kids(3), n3=PAGE.replace(b"595 842", b"10000000 10000000")),
    "a page without size": pages(kids(3), n3=PAGE.replace(b"595 842", b"0 0")),
    "a page of numbers beyond all bounds": pages(kids(3), n3=PAGE.replace(b"595 842", b"1e38 9999999999999999999")),
    "a form that draws itself": pages(
        kids(3),
        b"/F Do",
        n3=PAGE.replace(b"<< >>", b"<< /XObject << /F 6 0 R >> >>"),
        n6=stream(
            b"1 0 0 rg 0 0 99 99 re f /F Do",
            b"/Type /XObject /Subtype /Form /BBox [0 0 99 99] /Resources << /XObject << /F 6 0 R >> >>",
        ),
    ),
    "a content stream that is its own length": pages(kids(3), n9=b"<< /Length 9 0 R >>\nstream\nx\nendstream"),
    "a catalog that is its own page tree": pages(kids(3), n1=b"<< /Type /Catalog /Pages 1 0 R >>"),
    "nested arrays ten thousand deep": pages(kids(3), n6=b"[" * 10_000 + b"]" * 10_000),
}
"""Documents that lie about themselves or run in circles, by what is wrong with them."""


def many_forms(*, deep: int, wide: int) -> bytes:
    """Return a PDF of one page that draws `wide ** deep` squares with forms that draw forms."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 99 99]"
    objects = {f"n{20 + deep}": stream(SQUARE, form)}
    for level in range(deep):
        inner = b"/Resources << /XObject << /F %d 0 R >> >>" % (20 + level + 1)
        objects[f"n{20 + level}"] = stream(b"/F Do " * wide, form + inner)
    page = PAGE.replace(b"<< >>", b"<< /XObject << /F 20 0 R >> >>")
    return pages(kids(3), b"/F Do", n3=page, **objects)


def endless_tiles() -> bytes:
    """Return a PDF of one page that is painted with five hundred thousand million tiles: minutes of work."""
    tile = b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep .001 /YStep .001"
    page = PAGE.replace(b"<< >>", b"<< /Pattern << /P 6 0 R >> >>")
    paint = b"/Pattern cs /P scn 0 0 595 842 re f"
    return pages(kids(3), paint, n3=page, n6=stream(b"0 g 0 0 .5 .5 re f", tile + b" /Resources << >>"))

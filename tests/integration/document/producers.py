"""Documents by real producers: Ghostscript, poppler, ReportLab, pikepdf and Pillow, each with a trait of its own."""

import subprocess
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

import pikepdf
from PIL import Image
from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas

from tests.rig.documents import FOLDER
from tests.rig.ghostscript import convert
from tests.rig.odd_pdf import pages as raw_pages

Maker = Callable[[Path], Path]
"""Makes a document in a directory of its own."""

BLACK = "0 setgray 72 72 200 200 rectfill\n/Times-Roman findfont 12 scalefont setfont 72 400 moveto (black) show\n"
RED = "1 0 0 setrgbcolor 72 72 200 200 rectfill\n"
RGB_GREY = "0.5 0.5 0.5 setrgbcolor 72 72 200 200 rectfill\n"
CMYK_BLACK = "0 0 0 0.7 setcmykcolor 72 72 200 200 rectfill\n"
RICH_BLACK = "0.6 0.6 0.6 1 setcmykcolor 72 72 200 200 rectfill\n"
CYAN = "1 0 0 0 setcmykcolor 72 72 200 200 rectfill\n"
FAINT = "0.01 0 0 0 setcmykcolor 72 72 200 200 rectfill\n"
LIGHT = "0.05 0 0 0 setcmykcolor 72 72 200 200 rectfill\n"
SPOT = """[/Separation (Orange) /DeviceCMYK {dup 0.5 mul exch 0 exch dup 0 mul}] setcolorspace
1 setcolor 72 72 99 99 rectfill\n"""
SMALL_BLUE_TEXT = "/Times-Roman findfont 8 scalefont setfont 0 0 0.8 setrgbcolor 72 400 moveto (a link) show\n"
HAIRLINE = "0.1 setlinewidth 0 0.6 0 setrgbcolor 72 72 moveto 300 500 lineto stroke\n"
SHADING = """<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [72 0 300 0] /Function
<< /FunctionType 2 /Domain [0 1] /C0 [1 0 0] /C1 [0 0 1] /N 1 >> >> shfill\n"""
DUPLEX = "<< /Duplex true /Tumble false /NumCopies 3 >> setpagedevice\n"


def postscript(*pages: str, size: str = "595 842", setup: str = "") -> Maker:
    """PostScript with all comments in place."""
    head = f"%!PS-Adobe-3.0\n%%Pages: {len(pages)}\n%%Title: Made for a test\n%%EndComments\n%%BeginSetup\n"
    body = "".join(f"%%Page: {n} {n}\ngsave {page} grestore showpage\n" for n, page in enumerate(pages, 1))
    device = f"<< /PageSize [{size}] >> setpagedevice\n{setup}%%EndSetup\n"

    def make(directory: Path) -> Path:
        target = directory / "document.ps"
        target.write_text(f"{head}{device}{body}%%EOF\n")
        return target

    return make


def pdfwrite(*pages: str, options: Iterable[str] = (), **more: str) -> Maker:
    """The same as Ghostscript's PDF."""
    return lambda directory: convert(
        postscript(*pages, **more)(directory), "pdfwrite", directory / "document.pdf", *options
    )


def ps2write(*pages: str, **more: str) -> Maker:
    """The same as Ghostscript's PostScript."""
    return lambda directory: convert(postscript(*pages, **more)(directory), "ps2write", directory / "document2.ps")


def pdftops(make: Maker, *options: str) -> Maker:
    """A PDF as poppler's PostScript."""

    def made(directory: Path) -> Path:
        target = directory / "poppler.ps"
        subprocess.run(["pdftops", *options, make(directory), target], check=True, timeout=60, capture_output=True)
        return target

    return made


def reportlab(draw: Callable[[Canvas], object]) -> Maker:
    """What ReportLab draws; `draw` ends each page."""

    def make(directory: Path) -> Path:
        canvas = Canvas(str(directory / "document.pdf"), pagesize=A4)
        draw(canvas)
        canvas.save()
        return directory / "document.pdf"

    return make


def sizes(canvas: Canvas) -> None:
    for size in (A4, landscape(A4), A3, (8.5 * inch, 11 * inch), A4):
        canvas.setPageSize(size)
        canvas.drawString(72, 72, "black")
        canvas.showPage()


def transparent(canvas: Canvas) -> None:
    canvas.setFillGray(0.2)
    canvas.setFillAlpha(0.5)
    canvas.circle(200, 200, 100, fill=1)
    canvas.showPage()
    canvas.setFillColorRGB(0, 0, 1, alpha=0.3)
    canvas.circle(200, 200, 100, fill=1)
    canvas.showPage()


def field(canvas: Canvas) -> None:
    """A page whose colour is in the appearance of an annotation alone, and one that is plain."""
    canvas.acroForm.checkbox(x=72, y=600, checked=True, borderColor=Color(1, 0, 0), size=60)
    canvas.showPage()
    canvas.drawString(72, 700, "black")
    canvas.showPage()


def titled(title: str) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setTitle(title)
        blank(canvas)

    return draw


def pictures(canvas: Canvas) -> None:
    """A grey photograph in one channel, the same in three, a coloured one."""
    color = Image.open(FOLDER / "color.jpg").convert("RGB").resize((128, 192))
    for image in (color.convert("L"), color.convert("L").convert("RGB"), color):
        canvas.drawInlineImage(image, 72, 72, 300, 400)
        canvas.showPage()


def blank(canvas: Canvas) -> None:
    for _ in range(3):
        canvas.showPage()


def pages_of(count: int) -> Maker:
    def draw(canvas: Canvas) -> None:
        for number in range(count):
            canvas.drawString(72, 700, f"page {number}")
            canvas.showPage()

    return reportlab(draw)


def changed(make: Maker, change: Callable[[pikepdf.Pdf], object], **save: object) -> Maker:
    """A PDF that pikepdf has changed."""

    def made(directory: Path) -> Path:
        target = directory / "changed.pdf"
        with pikepdf.open(make(directory)) as document:
            change(document)
            document.save(target, **save)  # type: ignore[arg-type]
        return target

    return made


def jpeg_2000(document: pikepdf.Pdf) -> None:
    """Adds a picture that is coded so to the first page."""
    with Image.open(FOLDER / "color.jpg") as picture, BytesIO() as file:
        picture.resize((64, 96)).save(file, "JPEG2000")
        coded = file.getvalue()
    entries = {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceRGB", "/Filter": "/JPXDecode"}
    image = pikepdf.Stream(document, coded)
    for name, value in entries.items():
        image[name] = pikepdf.Name(value)
    image.Width, image.Height, image.BitsPerComponent = 64, 96, 8
    page = document.pages[0]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
    page.Contents = document.make_stream(b"q 200 0 0 300 72 72 cm /I Do Q")


def inherited(document: pikepdf.Pdf) -> None:
    document.Root.Pages.MediaBox = pikepdf.Array([0, 0, 842, 1191])
    for page in document.pages:
        del page.obj["/MediaBox"]


def each(name: str, value: object) -> Callable[[pikepdf.Pdf], None]:
    """Sets an entry of every page."""

    def change(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            page.obj[name] = value

    return change


def wounded(make: Maker, wound: Callable[[bytes], bytes]) -> Maker:
    def made(directory: Path) -> Path:
        target = directory / "wounded.pdf"
        target.write_bytes(wound(make(directory).read_bytes()))
        return target

    return made


def octets(content: bytes, name: str) -> Maker:
    def make(directory: Path) -> Path:
        (directory / name).write_bytes(content)
        return directory / name

    return make


def image(document_format: str, mode: str) -> Maker:
    """A photograph in a mode of Pillow's, alone in its file."""

    def make(directory: Path) -> Path:
        target = directory / f"image.{document_format.lower()}"
        picture = Image.open(FOLDER / "color.jpg").convert("RGB").resize((128, 192))
        picture = picture.convert("L").convert("RGB") if mode == "grey RGB" else picture.convert(mode)
        picture.save(target, document_format, dpi=(100, 100))
        return target

    return make


def as_pdf(document: Path) -> Path:
    """A picture as Pillow's PDF, which Ghostscript can tell the truth about."""
    target = document.with_suffix(".pdf")
    with Image.open(document) as picture, BytesIO() as file:
        picture.save(file, "PDF", resolution=100)
        target.write_bytes(file.getvalue())
    return target


def hand_made(tree: bytes) -> Maker:
    return octets(raw_pages(tree), "document.pdf")

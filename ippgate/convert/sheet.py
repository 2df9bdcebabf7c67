"""What a result is laid out for, and how the filters are told: a PPD of our own, of this one choice (Adobe's PPD
specification 4.3, with the attributes of CUPS). Pure.
"""

from dataclasses import dataclass
from typing import Final

from ippgate.model.capabilities.media import MediaSize

LARGEST: Final = 200_000
"""Hundredths of a millimetre: a longer sheet would be a raster without end."""

_POINTS = 72 / 2540
_DUPLEX: Final = {
    "one-sided": "None",
    "two-sided-long-edge": "DuplexNoTumble",
    "two-sided-short-edge": "DuplexTumble",
}
SIDES: Final = frozenset(_DUPLEX)

_BACK: Final = {"normal": "Normal", "rotated": "Rotated", "flipped": "Flipped", "manual-tumble": "ManualTumble"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Paper and print. Raises ValueError for what no sheet can be; every field is from a closed set or a number.

    media: a self-describing name (PWG 5101.1). sheet_back: pwg-raster-document-sheet-back (PWG 5102.4).
    """

    media: str = "iso_a4_210x297mm"
    color: bool = True
    resolution: int = 300  # dots per inch
    sides: str = "one-sided"
    sheet_back: str = "normal"

    def __post_init__(self) -> None:
        size = MediaSize.of(self.media)
        if not (0 < size.x <= LARGEST and 0 < size.y <= LARGEST) or len(self.media) > 255:
            raise ValueError(f"{self.media!r} is no sheet that is converted for")
        if not 72 <= self.resolution <= 2400:
            raise ValueError(f"{self.resolution} dpi is no resolution that is converted for")
        if self.sides not in _DUPLEX or self.sheet_back not in _BACK:
            raise ValueError(f"{self.sides} with its back {self.sheet_back} cannot be converted for")

    def __str__(self) -> str:
        """All of it in a line: equal sheets have the same."""
        ink = "color" if self.color else "monochrome"
        return f"{self.media} {ink} {self.resolution}dpi {self.sides} {self.sheet_back}"

    def chosen(self) -> str:
        """The choices, as options of a filter."""
        return (
            f"PageSize=Sheet ColorModel={self._model} Resolution={self.resolution}dpi Duplex={_DUPLEX[self.sides]}"
            " print-scaling=auto"
        )

    def ppd(self) -> str:
        """The description of a device that does exactly this."""
        size = MediaSize.of(self.media)
        paper = f"{size.x * _POINTS:.2f} {size.y * _POINTS:.2f}"
        space = 19 if self.color else 18  # sRGB, or its grey (CUPS_CSPACE_SRGB, CUPS_CSPACE_SW)
        color = f"<</cupsColorOrder 0/cupsColorSpace {space}/cupsBitsPerColor 8/cupsCompression 0>>setpagedevice"
        dots = f"<</HWResolution[{self.resolution} {self.resolution}]>>setpagedevice"
        tumble = "true" if self.sides == "two-sided-short-edge" else "false"
        both = "false" if self.sides == "one-sided" else "true"
        return "\n".join(
            (
                *_HEAD,
                f"*ColorDevice: {self.color}",
                f"*DefaultColorSpace: {self._model}",
                f"*cupsBackSide: {_BACK[self.sheet_back]}",
                *_choice("PageSize", "Sheet", f"<</PageSize[{paper}]>>setpagedevice"),
                *_choice("PageRegion", "Sheet", f"<</PageSize[{paper}]>>setpagedevice"),
                "*DefaultImageableArea: Sheet",
                f'*ImageableArea Sheet: "0 0 {paper}"',
                "*DefaultPaperDimension: Sheet",
                f'*PaperDimension Sheet: "{paper}"',
                *_choice("ColorModel", self._model, color),
                *_choice("Resolution", f"{self.resolution}dpi", dots),
                *_choice("Duplex", _DUPLEX[self.sides], f"<</Duplex {both}/Tumble {tumble}>>setpagedevice"),
                "*DefaultFont: Courier",
                '*Font Courier: Standard "(1.05)" Standard ROM',
                "",
            )
        )

    @property
    def _model(self) -> str:
        return "RGB" if self.color else "Gray"


def _choice(keyword: str, option: str, invocation: str) -> tuple[str, ...]:
    return (
        f"*OpenUI *{keyword}: PickOne",
        f"*OrderDependency: 10 AnySetup *{keyword}",
        f"*Default{keyword}: {option}",
        f'*{keyword} {option}: "{invocation}"',
        f"*CloseUI: *{keyword}",
    )


_HEAD: Final = (
    '*PPD-Adobe: "4.3"',
    '*FormatVersion: "4.3"',
    '*FileVersion: "1.0"',
    "*LanguageVersion: English",
    "*LanguageEncoding: ISOLatin1",
    '*PCFileName: "SHEET.PPD"',
    '*Manufacturer: "ippgate"',
    '*Product: "(sheet)"',
    '*ModelName: "sheet"',
    '*ShortNickName: "sheet"',
    '*NickName: "sheet"',
    '*PSVersion: "(3010.000) 0"',
    '*LanguageLevel: "3"',
    "*FileSystem: False",
    "*TTRasterizer: Type42",
    "*cupsVersion: 2.2",
    '*cupsFilter2: "image/pwg-raster image/pwg-raster 0 -"',
    '*cupsFilter2: "image/urf image/urf 0 -"',
)

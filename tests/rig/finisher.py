"""The attributes of an ippeveprinter that staples and punches: what its option -a reads."""

from pathlib import Path

_FORMATS = "application/pdf,image/jpeg,image/pwg-raster,application/octet-stream"
_SIZE = "{ MEMBER integer x-dimension 21000 MEMBER integer y-dimension 29700 }"
_MARGINS = " ".join(f"MEMBER integer media-{side}-margin 423" for side in ("bottom", "left", "right", "top"))
_A4 = f"{{ MEMBER collection media-size {_SIZE} {_MARGINS} }}"

BASE = f"""\
ATTR boolean color-supported true
ATTR integer copies-default 1
ATTR rangeOfInteger copies-supported 1-99
ATTR mimeMediaType document-format-default application/octet-stream
ATTR mimeMediaType document-format-supported {_FORMATS}
ATTR keyword media-default iso_a4_210x297mm
ATTR keyword media-ready iso_a4_210x297mm
ATTR keyword media-supported iso_a4_210x297mm
ATTR collection media-col-database {_A4}
ATTR collection media-col-default {_A4}
ATTR collection media-col-ready {_A4}
ATTR keyword media-col-supported media-size,media-top-margin,media-bottom-margin,media-left-margin,media-right-margin
ATTR collection media-size-supported {_SIZE}
ATTR enum orientation-requested-default 3
ATTR enum orientation-requested-supported 3,4,5,6
ATTR keyword output-bin-default face-down
ATTR keyword output-bin-supported face-down
ATTR keyword overrides-supported document-numbers,pages,media,orientation-requested
ATTR boolean page-ranges-supported true
ATTR integer pages-per-minute 20
ATTR integer pages-per-minute-color 20
ATTR keyword print-color-mode-default auto
ATTR keyword print-color-mode-supported auto,color,monochrome
ATTR enum print-quality-default 4
ATTR enum print-quality-supported 3,4,5
ATTR resolution printer-resolution-default 300dpi
ATTR resolution printer-resolution-supported 300dpi
ATTR resolution pwg-raster-document-resolution-supported 300dpi
ATTR keyword pwg-raster-document-sheet-back normal
ATTR keyword pwg-raster-document-type-supported sgray_8,srgb_8
ATTR keyword sides-default one-sided
ATTR keyword sides-supported one-sided,two-sided-long-edge
ATTR enum finishings-default 3
ATTR enum finishings-ready 3,4,5
ATTR enum finishings-supported 3,4,5
"""


def _cols(*templates: str) -> str:
    return ",".join(f"{{ MEMBER keyword finishing-template {each} }}" for each in templates)


TEMPLATES = f"""\
ATTR keyword finishing-template-supported none,staple,punch,rig-corner
ATTR collection finishings-col-database {_cols("none", "staple", "punch", "rig-corner")}
ATTR collection finishings-col-default {_cols("none")}
ATTR collection finishings-col-ready {_cols("staple", "rig-corner")}
ATTR keyword finishings-col-supported finishing-template
"""


def finisher(path: Path, *, templates: bool) -> tuple[str, ...]:
    """Options of an ippeveprinter that finishes; templates: it has finishings-col too."""
    path.write_text(BASE + (TEMPLATES if templates else ""))
    return ("-a", str(path))

"""Octets and seconds as people write them: `4 GiB`, `90 s`, `2 h`; a bare number is in the unit itself."""

import re

from ippgate.config.option import Unit

SIZES = {"": 1, "octets": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
TIMES = {"": 1, "s": 1, "seconds": 1, "min": 60, "h": 3600, "d": 86_400}
FACTORS: dict[Unit, dict[str, int]] = {"octets": SIZES, "seconds": TIMES}

_QUANTITY = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,6})?) ?([A-Za-z]{0,7})")


def parse(text: str, unit: Unit) -> float | int | None:
    """The quantity in `unit`, or None when the text is none. Whole results come as int."""
    match = _QUANTITY.fullmatch(text.strip())
    factor = match and FACTORS.get(unit, {"": 1}).get(match[2])
    if not match or factor is None:
        return None
    if "." not in match[1]:
        return int(match[1]) * factor
    value = float(match[1]) * factor
    return int(value) if value.is_integer() and factor > 1 else value


def written(value: float, unit: Unit) -> str:
    """The shortest exact way to write it: `4 GiB`, `15 min`, `0.5 s`, `0`."""
    plain = str(int(value)) if float(value).is_integer() else str(value)
    if unit == "" or value == 0:
        return plain
    for name, factor in sorted(FACTORS[unit].items(), key=lambda item: -item[1]):
        if factor > 1 and value % factor == 0:
            return f"{int(value // factor)} {name}"
    return f"{plain} s" if unit == "seconds" else plain

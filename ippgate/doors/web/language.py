"""In which language a page speaks: the best that the browser asks for (RFC 9110 section 12.5.4), of those there are.

The words are catalogues in `locale/` as gettext has them, read when the gate starts; English is in the pages.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from importlib.resources import files
from typing import Final

from babel.core import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

ENGLISH: Final = "en"
_RANGE: Final = re.compile(r"([A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*(?:\s*;\s*q=([01](?:\.[0-9]{0,3})?))?")
_MOST: Final = 1000  # characters of a header that are looked at
_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its words, and how it writes times and numbers."""

    tag: str  # RFC 5646
    words: NullTranslations
    locale: Locale
    zone: tzinfo | None = None

    def say(self, message: str, **values: object) -> str:
        """A sentence; values replace %(name)s in it."""
        said = self.words.ugettext(message)
        return said % values if values else said

    def say_many(self, one: str, several: str, number: int, **values: object) -> str:
        """The same, in the form for this number, which is %(number)s in it."""
        return self.words.ungettext(one, several, number) % {"number": number, **values}

    def when(self, moment: datetime | None) -> str:
        """A moment; of today the time alone. Empty: there is none."""
        if moment is None:
            return ""
        local = moment.astimezone(self.zone)
        if local.date() == datetime.now(local.tzinfo).date():
            return str(format_time(local, "short", tzinfo=self.zone, locale=self.locale))
        return str(format_datetime(local, "short", tzinfo=self.zone, locale=self.locale))

    def day(self, moment: datetime | None) -> str:
        """The date alone."""
        return "" if moment is None else str(format_date(moment.astimezone(self.zone), "medium", locale=self.locale))

    def count(self, number: float) -> str:
        """A number as the language writes it."""
        return str(format_decimal(number, locale=self.locale))

    def octets(self, size: int) -> str:
        """A size in the largest unit (SI) of which there is one at least."""
        amount, unit = float(size), 0
        while amount >= 1000 and unit < len(_UNITS) - 1:
            amount, unit = amount / 1000, unit + 1
        return f"{format_decimal(round(amount, 1 if unit else 0), locale=self.locale)} {_UNITS[unit]}"


class Languages:
    """All languages that the pages speak. zone: of the times that are told; None: the machine's."""

    def __init__(self, zone: tzinfo | None = None) -> None:
        self.by_tag: Mapping[str, Language] = {
            tag: Language(tag, words, Locale.parse(tag), zone) for tag, words in _catalogues().items()
        }

    def best(self, accepted: str | None, chosen: str = "") -> Language:
        """accepted: Accept-Language as it came; chosen: a person's own language, which counts first."""
        return self.by_tag[_best(accepted or "", chosen, tuple(self.by_tag))]


@lru_cache(maxsize=256)
def _best(accepted: str, chosen: str, known: tuple[str, ...]) -> str:
    if (own := chosen.partition("-")[0].lower()) in known:
        return own
    wanted: list[tuple[float, str]] = []
    for piece in accepted[:_MOST].split(","):
        fits = _RANGE.fullmatch(piece.strip())
        if fits is not None and fits[1].lower() in known:
            wanted.append((float(fits[2] or 1), fits[1].lower()))
    return max(wanted, key=lambda each: each[0], default=(0.0, ENGLISH))[1]


@lru_cache(maxsize=1)
def _catalogues() -> dict[str, NullTranslations]:
    found: dict[str, NullTranslations] = {ENGLISH: NullTranslations()}
    for file in sorted(files("ippgate.doors.web").joinpath("locale").iterdir(), key=lambda each: each.name):
        tag, _, ending = file.name.rpartition(".")
        if ending == "po":
            compiled = io.BytesIO()
            write_mo(compiled, read_po(io.BytesIO(file.read_bytes()), locale=tag))
            compiled.seek(0)
            found[tag] = Translations(compiled)
    return found

"""What a form brings: few short fields, written in one way (application/x-www-form-urlencoded)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import hdrs, web

from ippgate.model.errors import Refusal, TooLarge

MAX_FORM: Final = 256 * 1024
"""Octets: more than all jobs of a list that are chosen."""

MAX_FIELDS: Final = 2000


class BadForm(Refusal):
    """What came is not what the page sends."""


@dataclass(frozen=True, slots=True)
class Form:
    """Fields by their names, in order. What is missing is empty."""

    fields: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)

    def text(self, name: str) -> str:
        """The only value; empty: there is none. Raises BadForm for several."""
        values = self.fields.get(name, ())
        if len(values) > 1:
            raise BadForm(f"{name} came more than once")
        return values[0].strip() if values else ""

    def secret(self, name: str) -> str:
        """The same, blanks at its ends and all."""
        values = self.fields.get(name, ())
        return values[0] if len(values) == 1 else ""

    def numbers(self, name: str) -> list[int]:
        """Whole numbers, each once. Raises BadForm."""
        return list(dict.fromkeys(number(each) for each in self.fields.get(name, ())))


def number(text: str) -> int:
    """A whole number that could be an id. Raises BadForm."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadForm(f"{text[:20]!r} is no number")
    return int(text)


async def read_form(request: web.BaseRequest) -> Form:
    """Raises BadForm, TooLarge, and ClientGone."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise BadForm("a form comes as application/x-www-form-urlencoded")
    octets = await _whole(request)
    return Form(_grouped(octets))


async def _whole(request: web.BaseRequest) -> bytes:
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise BadForm("what is sent here is not compressed")
    octets = bytearray()
    async for chunk in request.content.iter_any():
        octets += chunk
        if len(octets) > MAX_FORM:
            raise TooLarge(f"a form has {MAX_FORM} octets at the most")
    return bytes(octets)


def _grouped(octets: bytes) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(octets.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise BadForm("that form cannot be read") from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields

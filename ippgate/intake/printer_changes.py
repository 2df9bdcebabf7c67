"""What Set-Printer-Attributes asks of a queue, held against what can be done: all of it or nothing (RFC 3380 4.1).

Operators describe a queue (whose it is, where, whom to ask) and choose the defaults of its jobs. Everything else is
either the queue's definition (`ippgate queue set`), or what its devices do.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from ippgate.intake.ticket import not_supported
from ippgate.ipp import (
    ADMIN_DEFINE,
    DELETE_ATTRIBUTE,
    NOT_SETTABLE,
    UNKNOWN,
    UNSUPPORTED,
    Attribute,
    IppError,
    Range,
    Status,
    Tag,
    Value,
)
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import fits, groups_of
from ippgate.model.capabilities import Between, Capabilities, Choice
from ippgate.model.capabilities.chosen import END, choosable, is_possible
from ippgate.model.queue import Description, Queue
from ippgate.model.text import cut, plain

MAX_TEXT: Final = 127
"""Octets of printer-info and its like (RFC 8011 section 5.4)."""

MAX_URI: Final = 1023
MAX_NAME: Final = 255

_TEXTS: Final = {
    A.PRINTER_INFO: ("info", MAX_TEXT),
    A.PRINTER_LOCATION: ("location", MAX_TEXT),
    A.PRINTER_MESSAGE_FROM_OPERATOR: ("message", MAX_TEXT),
    A.PRINTER_ORGANIZATION: ("organization", 1023),
    A.PRINTER_ORGANIZATIONAL_UNIT: ("organizational_unit", 1023),
}
"""Attributes that take any text, the field of `Description` that holds it, and its most octets."""

_NUMBER: Final = r"-?[0-9]{1,4}(?:\.[0-9]{1,12})?"
_GEO: Final = re.compile(
    rf"geo:{_NUMBER},{_NUMBER}(?:,-?[0-9]{{1,6}}(?:\.[0-9]{{1,12}})?)?(?:;[A-Za-z0-9-]+(?:=[!-:<-~]*)?)*", re.ASCII
)
"""RFC 5870: latitude, longitude, altitude, parameters."""

_CONTACT: Final = re.compile(r"(?:mailto|tel|sips?|https?|xmpp):[!-~]+", re.ASCII)
"""What a client may offer its people to click on: nothing that runs."""

_NOTHING: Final = (DELETE_ATTRIBUTE, UNKNOWN)


def settable(capabilities: Capabilities) -> list[str]:
    """printer-settable-attributes-supported."""
    defaults = (f"{offer.name}{END}" for offer in choosable(capabilities))
    return [*_TEXTS, A.PRINTER_GEO_LOCATION, A.PRINTER_CONTACT_COL, *defaults]


def supported_values(capabilities: Capabilities) -> list[Attribute]:
    """What Set-Printer-Attributes takes for each of them (RFC 3380 section 4.3): `admin-define` is anything sound."""
    own = (*_TEXTS, A.PRINTER_GEO_LOCATION, A.PRINTER_CONTACT_COL)
    told = [Attribute(name, (ADMIN_DEFINE,)) for name in own]
    for offer in choosable(capabilities):
        match offer.rule:
            case Choice(values):
                told.append(Attribute(f"{offer.name}{END}", values))
            case Between(low, high):
                told.append(attribute(f"{offer.name}{END}", Range(low, high), tag=Tag.RANGE))
    return told


def judge_printer_changes(wishes: Iterable[Attribute], queue: Queue, capabilities: Capabilities) -> Description:
    """What is to be said of the queue.

    Raises IppError: 0x0413 for what nobody may set, 0x0409 for what is too long, 0x040B for what is not possible. The
    unsupported group has it all.
    """
    wishes = list(wishes)
    if not wishes:
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, "there is nothing to set: send printer attributes")
    _check_settable(wishes, capabilities)
    defaults = [wish for wish in wishes if wish.name.endswith(END)]
    said: dict[str, str] = {}
    unsupported: list[Attribute] = []
    for wish in wishes:
        if wish not in defaults:
            said |= _read(wish, unsupported)
    chosen = {default.name: default for default in queue.defaults}
    for wish in defaults:
        name = wish.name.removesuffix(END)
        chosen.pop(name, None)
        if wish.values == (DELETE_ATTRIBUTE,):
            continue
        default = Attribute(name, tuple(map(_keyword, wish.values)))
        if is_possible(capabilities, default):
            chosen[name] = default
        else:
            unsupported.append(wish)
    if unsupported:
        raise not_supported(unsupported)
    return Description(**said, defaults=tuple(chosen.values()) if defaults else None)


def _check_settable(wishes: Iterable[Attribute], capabilities: Capabilities) -> None:
    known = settable(capabilities)
    strange = [wish.name for wish in wishes if wish.name not in known]
    if bad := [name for name in strange if _is_told(name, capabilities)]:
        sentence = f"{', '.join(bad[:5])} cannot be set: leave it out, or see printer-settable-attributes-supported"
        offending = [Attribute(name, (NOT_SETTABLE,)) for name in bad]
        raise IppError(Status.CLIENT_ERROR_ATTRIBUTES_NOT_SETTABLE, sentence, offending)
    if strange:
        raise not_supported([Attribute(name, (UNSUPPORTED,)) for name in strange])


def _is_told(name: str, capabilities: Capabilities) -> bool:
    """Whether a printer has such an attribute: there is nothing wrong with it, but that it is not to be set."""
    described = {"Printer Description", "Printer Status"}.intersection(groups_of(name))
    return bool(described) or name in {each.name for each in capabilities.attributes()}


# ── what is said ──


def _read(wish: Attribute, unsupported: list[Attribute]) -> dict[str, str]:
    """Fields of `Description`. What is not possible is added to `unsupported`."""
    if wish.name in _TEXTS:
        field, longest = _TEXTS[wish.name]
        return {field: _text(wish, longest, unsupported)}
    if wish.name == A.PRINTER_GEO_LOCATION:
        return {"geo_location": _uri(wish, _GEO.fullmatch, unsupported)}
    return _contact(wish, unsupported)


def _text(wish: Attribute, longest: int, unsupported: list[Attribute]) -> str:
    if wish.values == (DELETE_ATTRIBUTE,):
        return ""
    said = wish.text()
    if said is None or len(wish.values) > 1 or not fits(wish):
        unsupported.append(wish)
        return ""
    if len(said.encode()) > longest:
        sentence = f"{wish.name} has {len(said.encode())} octets, and {longest} are the most: say it shorter"
        raise IppError(Status.CLIENT_ERROR_REQUEST_VALUE_TOO_LONG, sentence, [wish])
    return cut(plain(said, longest), longest)


def _uri(wish: Attribute, sound: Callable[[str], object], unsupported: list[Attribute]) -> str:
    if len(wish.values) == 1 and wish.first in _NOTHING:
        return ""
    said = wish.text() if wish.first.tag == Tag.URI and len(wish.values) == 1 else None
    if said is None or not sound(said):
        unsupported.append(wish)
        return ""
    return said


def _contact(wish: Attribute, unsupported: list[Attribute]) -> dict[str, str]:
    """All of the contact: a member that is not named is not known any more."""
    said = {"contact_name": "", "contact_uri": ""}
    if len(wish.values) == 1 and wish.first in _NOTHING:
        return said
    bad: list[Attribute] = []
    for member in wish.first.members:
        if member.name == A.CONTACT_NAME:
            said["contact_name"] = _text(member, MAX_NAME, bad)
        elif member.name == A.CONTACT_URI:
            said["contact_uri"] = _uri(member, _CONTACT.fullmatch, bad)
        else:
            bad.append(member)  # a card could be anything
    if len(wish.values) > 1 or not wish.first.members:
        unsupported.append(wish)
    elif bad:
        unsupported.append(Attribute(wish.name, (Value(Tag.BEG_COLLECTION, tuple(bad)),)))
    return said


def _keyword(value: Value) -> Value:
    """Some clients write keywords as names."""
    return Value(Tag.KEYWORD, value.raw) if value.tag == Tag.NAME else value


def contact(queue: Queue) -> Iterator[tuple[str, str]]:
    """The members of a queue's contact; none: nobody has said."""
    if queue.contact_name:
        yield A.CONTACT_NAME, queue.contact_name
    if queue.contact_uri:
        yield A.CONTACT_URI, queue.contact_uri

"""The facts by name: each with its kind, its meaning, where it comes from, and how it is read. The only list."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import PrintQuality
from ippgate.ipp.syntax import keywords_of
from ippgate.model.facts import DocumentFacts
from ippgate.model.queue import QueueMode
from ippgate.model.until import in_words
from ippgate.policy import reckon
from ippgate.policy.facts import DeviceFacts, Facts

Worth = bool | int | str | tuple[str, ...] | None
"""What a fact can be; None: not known."""

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Kind(StrEnum):
    """What a fact, and any part of a condition, is."""

    TRUTH = "truth"  # true or false
    NUMBER = "number"  # whole
    DECIMAL = "decimal"  # no fact is one, double(…) is
    TEXT = "text"
    TEXTS = "list of texts"
    NUMBERS = "list of numbers"  # no fact is one, [1, 2] is


class Source(StrEnum):
    """When a fact is known."""

    REQUEST = "request"  # at once
    DOCUMENT = "document"  # when the document is there and was examined
    DEVICE = "device"  # at release


@dataclass(frozen=True, slots=True)
class Fact:
    """The law of one name."""

    name: str
    kind: Kind
    source: Source
    meaning: str  # a clause, without a full stop
    of: Callable[[Facts], Worth]
    values: tuple[str, ...] = ()  # all that a text can be; empty: anything
    certain: bool = False  # always known, where its source is
    drawn: bool = False  # known when the document's pages were drawn, which takes ten times as long as counting them


def _sorted(keywords: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(keywords))


_T, _N, _S, _L = Kind.TRUTH, Kind.NUMBER, Kind.TEXT, Kind.TEXTS
_REQUEST, _DOCUMENT, _DEVICE = Source.REQUEST, Source.DOCUMENT, Source.DEVICE
_SIDES = _sorted(keywords_of(A.SIDES))
_COLOR_MODES = _sorted(keywords_of(A.PRINT_COLOR_MODE))
_QUALITIES = tuple(quality.keyword for quality in PrintQuality)
_MODES = tuple(mode.value for mode in QueueMode)


def _request(name: str, kind: Kind, meaning: str, of: Callable[[Facts], Worth], values: tuple[str, ...] = ()) -> Fact:
    return Fact(name, kind, _REQUEST, meaning, of, values, certain=True)


def _document(
    name: str, kind: Kind, meaning: str, of: Callable[[DocumentFacts], Worth], *, drawn: bool = False
) -> Fact:
    def worth(facts: Facts) -> Worth:
        return of(facts.document) if facts.document else None

    return Fact(name, kind, _DOCUMENT, meaning, worth, drawn=drawn)


def _device(name: str, kind: Kind, meaning: str, of: Callable[[DeviceFacts], Worth], *, certain: bool = True) -> Fact:
    return Fact(name, kind, _DEVICE, meaning, lambda facts: of(facts.device) if facts.device else None, certain=certain)


_LIST = (
    # what the client asks for
    _request("job.name", _S, "its title, as the client gives it", lambda f: f.job.name),
    _request("job.document_name", _S, "the document's name, as the client gives it", lambda f: f.job.document_name),
    _request("job.format", _S, "the document's format, as the client says", lambda f: f.job.document_format),
    _request("job.copies", _N, "copies asked for; 1 if nothing is asked", reckon.copies_asked),
    _request("job.sides", _S, "one-sided if nothing is asked", reckon.sides_asked, _SIDES),
    _request("job.print_color_mode", _S, "auto if nothing is asked", reckon.color_mode, _COLOR_MODES),
    _request("job.print_quality", _S, "normal if nothing is asked", reckon.quality, _QUALITIES),
    _request("job.media", _S, "such as iso_a4_210x297mm; empty if nothing is asked", reckon.media),
    _request("job.number_up", _N, "pages on one side; 1 if nothing is asked", reckon.number_up),
    _request("job.finishings", _L, "such as staple; empty if nothing is asked", reckon.finishings),
    _request("job.priority", _N, "1 to 100; 50 if nothing is asked", lambda f: f.job.priority),
    _request("job.hold_until", _S, "no-hold if nothing is asked", lambda f: in_words(f.job.hold_until)),
    _request("job.account_id", _S, "the account it is charged to; empty if none is given", reckon.account_id),
    # what it is
    Fact("job.size", _N, _DOCUMENT, "octets of the document", lambda f: f.job.size),
    _document("job.pages", _N, "pages of one copy", lambda d: d.pages),
    _document("job.color_pages", _N, "those of them in colour", lambda d: d.color_pages, drawn=True),
    _document("job.color", _T, "whether any page is in colour", lambda d: d.color, drawn=True),
    Fact("job.impressions", _N, _DOCUMENT, "printed sides of all copies, as asked for", reckon.impressions),
    Fact("job.sheets", _N, _DOCUMENT, "sheets of paper of all copies, as asked for", reckon.sheets),
    # the document by itself
    _document("document.format", _S, "its format by its own octets", lambda d: d.document_format),
    Fact("document.mismatch", _T, _DOCUMENT, "whether the client says another format", reckon.mismatch),
    _document("document.encrypted", _T, "whether it needs a password to be opened", lambda d: d.encrypted),
    _document("document.producer", _S, "the program that made it, as it says", lambda d: d.producer),
    _document("document.title", _S, "its title, as it says itself", lambda d: d.title),
    _document("document.copies", _N, "copies that it asks for itself; 1 if it does not", lambda d: d.copies or 1),
    _document("document.sides", _S, "sides that it asks for itself; empty if it does not", lambda d: d.sides or ""),
    _document("document.media", _L, "sizes of its pages, such as iso_a4_210x297mm", reckon.own_media),
    _document("document.finishings", _L, "finishings that it asks for itself", reckon.own_finishings),
    # who and where from
    _request("user.name", _S, "who prints", lambda f: f.user.name),
    Fact("user.groups", _L, _REQUEST, "groups of that person", lambda f: f.user.groups),
    _request("user.department", _S, "department of that person; empty if none is known", lambda f: f.user.department),
    _request(
        "user.cost_center", _S, "cost centre of that person; empty if none is known", lambda f: f.user.cost_center
    ),
    _request("queue.name", _S, "the queue it was sent to", lambda f: f.queue.name),
    _request("queue.mode", _S, "whether the queue holds", lambda f: f.queue.mode, _MODES),
    _request("queue.info", _S, "what people see as the queue's name", lambda f: f.queue.info),
    _request("queue.location", _S, "where the queue is", lambda f: f.queue.location),
    Fact("client.address", _S, _REQUEST, "the address it came from", reckon.address),
    # where to
    _device("device.name", _S, "the device", lambda d: d.name),
    _device("device.groups", _L, "groups it belongs to", lambda d: d.groups),
    _device("device.location", _S, "where it stands", lambda d: d.location),
    _device("device.info", _S, "what people see as its name", lambda d: d.info),
    _device("device.make_and_model", _S, "as it says itself", lambda d: d.make_and_model),
    _device("device.color", _T, "whether it prints in colour", lambda d: d.color, certain=False),
    _device("device.duplex", _T, "whether it prints on both sides", lambda d: d.duplex, certain=False),
    # when
    _request("now.date", _S, "such as 2026-03-31; dates compare as texts", lambda f: f"{f.now:%Y-%m-%d}"),
    _request("now.time", _S, "such as 08:05; times compare as texts", lambda f: f"{f.now:%H:%M}"),
    _request("now.hour", _N, "0 to 23", lambda f: f.now.hour),
    _request("now.minute", _N, "0 to 59", lambda f: f.now.minute),
    _request("now.weekday", _S, "the day of the week", lambda f: WEEKDAYS[f.now.weekday()], WEEKDAYS),
    _request("now.day", _N, "of the month, 1 to 31", lambda f: f.now.day),
    _request("now.month", _N, "1 to 12", lambda f: f.now.month),
    _request("now.year", _N, "such as 2026", lambda f: f.now.year),
)

FACTS: Final = MappingProxyType({fact.name: fact for fact in _LIST})
"""Every fact by its name, in the order of the documentation."""

SUBJECTS: Final = tuple(dict.fromkeys(name.partition(".")[0] for name in FACTS))
"""job, document, user …"""


def folded(name: str) -> str:
    """What the engine calls the twin of a text in which upper and lower case are the same; no fact is called so."""
    return f"{name}__folded"

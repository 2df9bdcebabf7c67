"""A person as the gate knows them, and what of that may be said when they are added or changed. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from ippgate.ipp import Attribute
from ippgate.model.errors import NotPossible
from ippgate.model.text import plain

MAX_TEXT: Final = 255
"""Octets of a full name, a department, a cost centre and a group's name: those of IPP's names."""

MAX_EMAIL: Final = 254
"""Octets of an address (RFC 5321 section 4.5.3.1.3)."""

MAX_GROUPS: Final = 512
"""Groups of one person: rules take a longer list as not known."""

_EMAIL: Final = re.compile(r"[^\s@<>\"(),;:\\]+@[^\s@<>\"(),;:\\]+")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*")  # RFC 5646, as IPP writes it: in lower case
_MAX_LANGUAGE: Final = 63


class PersonSource(StrEnum):
    """Who says what a person is."""

    LOCAL = "local"  # operators
    DIRECTORY = "directory"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose jobs the gate holds. Nothing here proves who they are."""

    id: int
    name: str  # the owner name of their jobs
    created_at: datetime
    full_name: str = ""
    email: str = ""
    department: str = ""
    cost_center: str = ""
    language: str = ""  # natural language, such as de-ch; empty: that of their clients
    groups: tuple[str, ...] = ()  # in order
    source: PersonSource = PersonSource.LOCAL
    active: bool = True  # who is not is shut out: nothing is printed, nobody logs in
    has_password: bool = False
    has_pin: bool = False
    auto_release: bool = False  # a login at a device prints all that waits
    seen_at: datetime | None = None  # the last login; None: there was none
    preferences: tuple[Attribute, ...] = ()  # of everything they send, where it does not say


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is said of a person; what is None is as it was, or as for everybody."""

    full_name: str | None = None
    email: str | None = None
    department: str | None = None
    cost_center: str | None = None
    language: str | None = None
    active: bool | None = None
    auto_release: bool | None = None
    join: tuple[str, ...] = ()  # groups
    leave: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return self == Particulars()


def checked(said: Particulars) -> Particulars:
    """The same, cleaned. Raises NotPossible for what cannot be."""
    email, language = _text("e-mail", said.email, MAX_EMAIL), _text("language", said.language, _MAX_LANGUAGE)
    if email and not _EMAIL.fullmatch(email):
        raise NotPossible(f"{email!r} is no e-mail address: write name@host")
    language = language.lower().replace("_", "-") if language else language
    if language and not _LANGUAGE.fullmatch(language):
        raise NotPossible(f"{language!r} is no language: write one such as de, en or pt-br")
    join, leave = _groups(said.join), _groups(said.leave)
    if both := set(join) & set(leave):
        raise NotPossible(f"{min(both)} is both joined and left: name it once")
    return replace(
        said,
        full_name=_text("name", said.full_name),
        email=email,
        department=_text("department", said.department),
        cost_center=_text("cost centre", said.cost_center),
        language=language,
        join=join,
        leave=leave,
    )


def _groups(names: Iterable[str]) -> tuple[str, ...]:
    found = sorted({_text("group", name) or "" for name in names})
    if "" in found:
        raise NotPossible("a group has a name")
    if len(found) > MAX_GROUPS:
        raise NotPossible(f"a person is in {MAX_GROUPS} groups at most")
    return tuple(found)


def _text(what: str, said: str | None, most: int = MAX_TEXT) -> str | None:
    """Text in one line. Raises NotPossible for one that is too long: cut, it might be another's."""
    if said is None:
        return None
    line = plain(said, most + 1)
    if len(line.encode("utf-8", "replace")) > most:
        raise NotPossible(f"that {what} is too long: {most} octets at most")
    return line

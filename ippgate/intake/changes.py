"""What Set-Job-Attributes asks of a waiting job, held against what can be done: all of it or nothing (RFC 3380 4.2).

A job that came in black and white stays so (model.color_mode).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ippgate.intake.ticket import (
    OWN_FIELD,
    SAID_TWICE,
    USUAL_PRIORITY,
    check_sense,
    contradiction,
    not_supported,
    sifted,
)
from ippgate.ipp import DELETE_ATTRIBUTE, NOT_SETTABLE, UNSUPPORTED, Attribute, Group, IppError, Status, Tag
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import groups_of
from ippgate.model.capabilities import Capabilities
from ippgate.model.capabilities.profile import OWN
from ippgate.model.color_mode import is_monochrome
from ippgate.model.text import cut, plain
from ippgate.model.until import ALTERNATIVES, HOLDS, NO_HOLD, Until, hold_of

MAX_NAME: Final = 255
"""Octets of a name (RFC 8011 section 5.1.3)."""

_READ_ONLY: Final = frozenset({"Job Status", "Job Description"})


@dataclass(frozen=True, slots=True)
class Changes:
    """What changes; None leaves as it is."""

    template: tuple[Attribute, ...] | None = None
    name: str | None = None
    priority: int | None = None
    hold_until: Until | None = None  # no-hold ends the hold


def settable(capabilities: Capabilities) -> list[str]:
    """job-settable-attributes-supported."""
    return [A.JOB_NAME, *capabilities.template_names()]


def is_late(wish: Attribute) -> bool:
    """Whether a change is one of how a device prints, and so may be held against what a single device can do."""
    template = "Job Template" in groups_of(wish.name)
    return template and wish.name not in OWN and wish.values != (DELETE_ATTRIBUTE,)


def judge_changes(
    wishes: Iterable[Attribute], template: Sequence[Attribute], capabilities: Capabilities, now: datetime
) -> Changes:
    """The changes to a job that has `template`.

    Raises IppError: 0x0413 for what nobody may set, 0x040B for what is not possible; the unsupported group has it all.
    Also 0x040E and 0x0400, for what makes no sense.
    """
    wishes = list(wishes)
    _check_settable(wishes, capabilities)
    check_sense({wish.name: wish for wish in wishes if wish.values != (DELETE_ATTRIBUTE,)}, capabilities)
    check_said_once(wishes)
    name = next((wish for wish in wishes if wish.name == A.JOB_NAME), None)
    wishes = [wish for wish in wishes if wish is not name]
    deleted = [wish.name for wish in wishes if wish.values == (DELETE_ATTRIBUTE,)]
    kept, unsupported = sifted((wish for wish in wishes if wish.name not in deleted), capabilities, now)
    unsupported += [Attribute(each, (UNSUPPORTED,)) for each in deleted if capabilities.offer(each) is None]
    if name and not _cleaned(name):
        unsupported.append(name)
    merged = _merged(kept, deleted, template)
    if merged is not None and is_monochrome(template) and not is_monochrome(merged):
        unsupported += [wish for wish in wishes if wish.name == A.PRINT_COLOR_MODE]
    if unsupported:
        raise not_supported(unsupported)
    chosen = Group(Tag.JOB, kept)
    return Changes(
        merged,
        _cleaned(name) if name else None,
        USUAL_PRIORITY if A.JOB_PRIORITY in deleted else chosen.integer(A.JOB_PRIORITY),
        hold_of(chosen) or (NO_HOLD if any(name in deleted for name in HOLDS) else None),
    )


def check_said_once(wishes: Iterable[Attribute]) -> None:
    """Raises IppError 0x040E for changes that say the same thing twice, whatever a device can do."""
    said = {wish.name: wish for wish in wishes if wish.values != (DELETE_ATTRIBUTE,)}
    for less, more in SAID_TWICE:
        if less in said and more in said:
            raise contradiction(said[less], said[more])


def _check_settable(wishes: Iterable[Attribute], capabilities: Capabilities) -> None:
    known = settable(capabilities)
    bad = [wish.name for wish in wishes if wish.name not in known and _READ_ONLY.intersection(groups_of(wish.name))]
    if bad:
        sentence = f"{', '.join(bad[:5])} cannot be set: leave it out, or see job-settable-attributes-supported"
        offending = [Attribute(name, (NOT_SETTABLE,)) for name in bad]
        raise IppError(Status.CLIENT_ERROR_ATTRIBUTES_NOT_SETTABLE, sentence, offending)


def _merged(
    kept: Iterable[Attribute], deleted: Iterable[str], template: Iterable[Attribute]
) -> tuple[Attribute, ...] | None:
    """The template with the new in the place of the old; None if nothing of it changes."""
    new = {wish.name: wish for wish in kept if wish.name not in OWN_FIELD}
    old = {attribute.name: attribute for attribute in template}
    gone = {*deleted, *(each for name in new for each in _said_otherwise(name))}
    merged = {name: attribute for name, attribute in {**old, **new}.items() if name not in gone}
    return None if merged == old else tuple(merged.values())


def _said_otherwise(name: str) -> Iterable[str]:
    """Other ways to say the same, which a new one replaces."""
    return (other for several in (*ALTERNATIVES, *SAID_TWICE) if name in several for other in several if other != name)


def _cleaned(name: Attribute) -> str:
    return cut(plain(name.text() or "", MAX_NAME), MAX_NAME)

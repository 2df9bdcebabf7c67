"""What a request asks of a job, held against what can be done: accepted, accepted in part, or refused (RFC 8011 4.1.7).

Pure: a request's groups and a queue's capabilities in, a ticket out. Fidelity decides what an impossible wish costs:
without it the wish is dropped and named in the answer, with it (or for an attribute listed in
job-mandatory-attributes, PWG 5100.7) the request is refused. A format or compression that is not possible is always
refused: there would be nothing to print.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, get_args

from ippgate.intake.inflate import Compression
from ippgate.ipp import UNSUPPORTED, Attribute, Group, IppError, Range, Status, Tag
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import fits, groups_of
from ippgate.model.capabilities import Capabilities, Moment, Rule
from ippgate.model.capabilities.chosen import filled
from ippgate.model.capabilities.overrides import fault
from ippgate.model.until import ALTERNATIVES, HOLDS, NO_HOLD, Until, hold_of

USUAL_PRIORITY: Final = 50
MAX_INTEGER: Final = 2**31 - 1

ESTIMATES: Final = (A.JOB_K_OCTETS, A.JOB_IMPRESSIONS, A.JOB_MEDIA_SHEETS)
"""What a client says about its document. Checked, then forgotten: the document itself is asked."""

_ALSO_OPERATION: Final = HOLDS  # template attributes that may stand among the operation attributes
OWN_FIELD: Final = (A.JOB_PRIORITY, *HOLDS)
"""Kept beside the template."""

SAID_TWICE: Final = ((A.MEDIA, A.MEDIA_COL), (A.FINISHINGS, A.FINISHINGS_COL))
"""The first says less than the second: both together conflict (PWG 5100.1 section 5.2, 5100.7)."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is left of the wishes, and what became of the others."""

    template: tuple[Attribute, ...] = ()
    priority: int = USUAL_PRIORITY
    hold_until: Until | None = None  # None: no-hold
    unsupported: tuple[Attribute, ...] = ()  # as the unsupported group of the answer has them
    conflicting: bool = False

    @property
    def status(self) -> Status:
        """The status of an answer that accepts this ticket."""
        if self.conflicting:
            return Status.SUCCESSFUL_OK_CONFLICTING_ATTRIBUTES
        if self.unsupported:
            return Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
        return Status.SUCCESSFUL_OK


def judge(
    operation: Group,
    job: Iterable[Attribute],
    capabilities: Capabilities,
    max_k_octets: int,
    now: datetime,
    preferred: Sequence[Attribute] = (),
) -> Ticket:
    """The ticket of a creation request. `max_k_octets`: the upper end of job-k-octets-supported; preferred: what
    whoever prints wants where the request does not say.

    Raises IppError: 0x040B for what is not possible and was insisted on, 0x040E for what was insisted on and conflicts,
    and, insisted on or not, for several ways to say until when; 0x0400 for overrides that make no sense.
    """
    wishes = {attribute.name: attribute for attribute in operation if attribute.name in _ALSO_OPERATION}
    wishes |= {attribute.name: attribute for attribute in job}
    _check_estimates([*operation.attributes, *wishes.values()], max_k_octets)
    wishes = {name: wish for name, wish in wishes.items() if capabilities.offer(name) or not _is_misplaced(name)}
    check_sense(wishes, capabilities)
    mandatory = _mandatory(operation, wishes)
    dropped = _dropped(wishes, mandatory)
    kept, unsupported = sifted(wishes.values(), capabilities, now)
    if insisted := [bad for bad in unsupported if bad.name in mandatory]:
        raise not_supported(insisted)
    return _ticket(filled(kept, capabilities, preferred), (*dropped, *unsupported), conflicting=bool(dropped))


def check_sense(wishes: Mapping[str, Attribute], capabilities: Capabilities) -> None:
    """Raises IppError 0x040E for several ways to say until when (PWG 5100.7), 0x0400 for overrides that say nothing or
    not for which pages (PWG 5100.6).
    """
    for alternatives in ALTERNATIVES:
        said = [wishes[name] for name in alternatives if name in wishes]
        if len(said) > 1:
            sentence = f"{' and '.join(each.name for each in said)} exclude each other: send one of them"
            raise IppError(Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES, sentence, said)
    overrides = wishes.get(A.OVERRIDES)
    if overrides is not None and capabilities.offer(A.OVERRIDES) and (why := fault(overrides)):
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, f"overrides are malformed: {why}", [overrides])


def sifted(
    wishes: Iterable[Attribute], capabilities: Capabilities, now: datetime
) -> tuple[list[Attribute], list[Attribute]]:
    """What is possible, and what is not as the unsupported group has it: exactly the offending values.

    An attribute that cannot be asked for at all is there with the out-of-band value `unsupported`.
    """
    kept: list[Attribute] = []
    unsupported: list[Attribute] = []
    for wish in wishes:
        offer = capabilities.offer(wish.name)
        if offer is None:
            unsupported.append(Attribute(wish.name, (UNSUPPORTED,)))
        elif len(wish.values) == 1 and offer.rule.accepted(wish.values[0]) == wish.values[0]:
            (unsupported if _too_far(wish, offer.rule, now) else kept).append(wish)  # by far the most are kept
        elif not fits(wish):
            unsupported.append(wish)
        else:
            good = tuple(value for asked in wish.values if (value := offer.rule.accepted(asked)))
            bad = tuple(value for asked in wish.values if (value := offer.rule.refused(asked)))
            kept += [Attribute(wish.name, good)] if good else []
            unsupported += [Attribute(wish.name, bad)] if bad else []
    return kept, unsupported


def _too_far(wish: Attribute, rule: Rule, now: datetime) -> bool:
    """Whether it is a moment that lies further ahead than may be asked for."""
    if not isinstance(rule, Moment) or rule.ahead is None:
        return False
    meant = wish.first.python
    return isinstance(meant, datetime) and meant > now + timedelta(seconds=rule.ahead)


def document_format(operation: Group, capabilities: Capabilities) -> str:
    """document-format as it is written here. Raises IppError 0x040A, fidelity or not (RFC 8011 section 4.2.1.1)."""
    asked = operation.get(A.DOCUMENT_FORMAT)
    if asked is None:
        return capabilities.default_format
    found = capabilities.format_of(asked.text() or "")
    if found is None:
        sentence = f"documents of format {asked.text()} cannot be printed here: send {capabilities.preferred_format}"
        raise IppError(Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, sentence, [asked])
    return found


def compression(operation: Group, capabilities: Capabilities) -> Compression:
    """The operation attribute compression; none if it is absent. Raises IppError 0x040F."""
    asked = operation.get(A.COMPRESSION)
    if asked is None:
        return "none"
    found = next((known for known in _COMPRESSIONS if known == asked.text()), None)
    if found is None or found not in capabilities.compressions:
        sentence = f"compression {asked.text()} is not supported: use {', '.join(capabilities.compressions)}"
        raise IppError(Status.CLIENT_ERROR_COMPRESSION_NOT_SUPPORTED, sentence, [asked])
    return found


def not_supported(unsupported: list[Attribute]) -> IppError:
    """The refusal of what is not possible."""
    names = ", ".join(attribute.name for attribute in unsupported[:5])
    sentence = f"{names}: not possible here as asked for; leave it out, or choose from the xxx-supported attributes"
    return IppError(Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, sentence, unsupported)


def contradiction(less: Attribute, more: Attribute) -> IppError:
    """The refusal of two attributes that say the same thing (RFC 8011 section 4.1.7)."""
    sentence = f"{less.name} and {more.name} contradict each other: send one of them"
    return IppError(Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES, sentence, [less, more])


_COMPRESSIONS: Final[tuple[Compression, ...]] = get_args(Compression)


def _mandatory(operation: Group, wishes: dict[str, Attribute]) -> set[str]:
    """The names insisted on. ipp-attribute-fidelity, when present, speaks for all (PWG 5100.7 section 5.1.2)."""
    fidelity = operation.boolean(A.IPP_ATTRIBUTE_FIDELITY)
    if fidelity is None:
        return set(operation.texts(A.JOB_MANDATORY_ATTRIBUTES))
    return set(wishes) if fidelity else set()


def _is_misplaced(name: str) -> bool:
    """An operation attribute among the job's, where CUPS clients put some: no wish, so nothing to refuse."""
    groups = groups_of(name)
    return "Operation" in groups and "Job Template" not in groups


def _dropped(wishes: dict[str, Attribute], mandatory: set[str]) -> list[Attribute]:
    """Take out of the wishes those that another one contradicts, and return them. Raises IppError 0x040E."""
    dropped = []
    for less, more in SAID_TWICE:
        if less in wishes and more in wishes:
            if less in mandatory or more in mandatory:
                raise contradiction(wishes[less], wishes[more])
            dropped.append(wishes.pop(less))
    return dropped


def _check_estimates(attributes: Iterable[Attribute], max_k_octets: int) -> None:
    """job-k-octets and its like: outside of xxx-supported the job is refused (RFC 8011 section 4.2.1.1)."""
    bad = []
    for attribute in attributes:
        if attribute.name in ESTIMATES:
            bounds = Range(0, max_k_octets if attribute.name == A.JOB_K_OCTETS else MAX_INTEGER)
            number = attribute.integer() if attribute.first.tag == Tag.INTEGER else None
            if number is None or not bounds.low <= number <= bounds.high:
                bad.append(attribute)
    if bad:
        raise not_supported(bad)


def _ticket(kept: Sequence[Attribute], unsupported: tuple[Attribute, ...], *, conflicting: bool) -> Ticket:
    chosen = Group(Tag.JOB, list(kept))
    hold_until = hold_of(chosen)
    return Ticket(
        tuple(attribute for attribute in kept if attribute.name not in OWN_FIELD),
        chosen.integer(A.JOB_PRIORITY) or USUAL_PRIORITY,
        None if hold_until == NO_HOLD else hold_until,
        unsupported,
        conflicting,
    )

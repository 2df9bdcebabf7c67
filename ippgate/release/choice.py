"""Which device of several takes a job: one that can print it, that is well, and that has the shortest lane. Pure.

First comes who answers, then who prints the document as it is, then who can do most of what the job's ticket asks for,
then whose lane is shortest, and among equals who was registered first: the same question has the same answer in every
worker.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ippgate.ipp import Attribute
from ippgate.model.capabilities import Capabilities
from ippgate.model.device import Device
from ippgate.model.errors import DeviceNotReady, FormatNotSupported, NotBindable, Refusal
from ippgate.model.facts import DocumentFacts
from ippgate.release.binding import Binding, attributes_at_fault, bind
from ippgate.release.fitness import Possible, obstacle, unconverted


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be printed, as far as a device's choice depends on it."""

    formats: tuple[str, ...]
    template: tuple[Attribute, ...] = ()
    changes: tuple[Attribute, ...] = ()  # asked for at release: a device that cannot do them is not chosen
    facts: DocumentFacts | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A device that might take the job."""

    device: Device
    able: Capabilities | None  # None: it has never said
    waiting: int  # jobs on their way to it


@dataclass(frozen=True, slots=True)
class Pass:
    """Why a device was not chosen, and, where it could not be, what forbids it."""

    device: Device
    reason: str
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The device that takes the job and the template it gets there; None and nothing: none can."""

    device: Device | None
    template: tuple[Attribute, ...]
    passed: tuple[Pass, ...]

    def refusal(self, who: str) -> Refusal:
        """Why no device takes the job, with each one's reason. who: what they are together, "group floor-2"."""
        if not self.passed:
            return DeviceNotReady(f"there is no device in the {who}")
        whys = "; ".join(one.reason for one in self.passed[:_TOLD])
        more = len(self.passed) - _TOLD
        sentence = f"no device of the {who} can print it: {whys}" + (f"; and {more} more" if more > 0 else "")
        refusals = [one.refusal for one in self.passed]
        unbound = [one for one in refusals if isinstance(one, NotBindable)]
        if len(unbound) == len(refusals):
            faults = {fault.name: fault for one in unbound for fault in one.attributes}
            return NotBindable(sentence[:_LONGEST], tuple(faults.values()))
        if all(isinstance(one, FormatNotSupported) for one in refusals):
            return FormatNotSupported(sentence[:_LONGEST])
        return DeviceNotReady(sentence[:_LONGEST])


def choose(
    candidates: Iterable[Candidate], wanted: Wanted, *, patient: bool = False, possible: Possible = unconverted
) -> Choice:
    """Choose among candidates. patient: a device that is not ready is waited for if no better one is there; possible:
    what documents can be converted to.
    """
    looked_at = [_look(candidate, wanted, possible, patient=patient) for candidate in candidates]
    able = sorted((one for one in looked_at if one.refusal is None), key=lambda one: one.rank)
    if not able:
        return Choice(None, wanted.template, tuple(_passed(one, None) for one in looked_at))
    best = able[0]
    passed = tuple(_passed(one, best) for one in looked_at if one is not best)
    return Choice(best.candidate.device, best.template, passed)


_TOLD: Final = 8
_LONGEST: Final = 1000  # characters of a refusal
_WELL, _SILENT, _NOT_READY = range(3)


@dataclass(frozen=True, slots=True)
class _Look:
    candidate: Candidate
    template: tuple[Attribute, ...]
    refusal: Refusal | None
    health: int
    converts: bool  # it gets the document in another format
    misses: tuple[str, ...]  # of what the ticket asks for

    @property
    def rank(self) -> tuple[int, ...]:
        return self.health, self.converts, len(self.misses), self.candidate.waiting, self.candidate.device.id


def _look(candidate: Candidate, wanted: Wanted, possible: Possible, *, patient: bool) -> _Look:
    device = candidate.device
    refusal: Refusal | None = obstacle(device, wanted.formats, possible)
    converts = not all(map(device.prints, wanted.formats))
    health = _SILENT if device.silent else _WELL
    if patient and isinstance(refusal, DeviceNotReady):
        refusal, health = None, _NOT_READY
    binding = bind(wanted.template, wanted.changes, candidate.able, wanted.facts)
    if refusal is None and binding.impossible:
        refusal = unbindable(device, binding)
    return _Look(candidate, binding.template, refusal, health, converts, _misses(binding.template, candidate.able))


def unbindable(device: Device, binding: Binding, hint: str = "") -> NotBindable:
    """A device cannot do what was asked for at release."""
    whys = "; ".join(map(str, binding.impossible))
    faults = tuple(attributes_at_fault([binding.impossible]))
    return NotBindable(f"{device.name} cannot do that ({whys}){hint}"[:_LONGEST], faults)


def _misses(template: Sequence[Attribute], able: Capabilities | None) -> tuple[str, ...]:
    """What a ticket asks for and a device does not do, wholly or in part; of one that never said: all."""
    if able is None:
        return tuple(asked.name for asked in template)
    return tuple(asked.name for asked in template if asked.name not in able.laid_out and _missed(asked, able))


def _missed(asked: Attribute, able: Capabilities) -> bool:
    offer = able.offer(asked.name)
    return offer is None or any(offer.rule.refused(value) is not None for value in asked.values)


def _passed(one: _Look, best: _Look | None) -> Pass:
    device = one.candidate.device
    if one.refusal is not None or best is None:
        return Pass(device, str(one.refusal), one.refusal)
    if one.health != best.health:
        why = "does not answer" if one.health == _SILENT else "is not ready"
    elif one.converts and not best.converts:
        why = "does not print it as it is"
    elif len(one.misses) > len(best.misses):
        why = f"cannot do {', '.join(one.misses[:5])}"
    elif one.candidate.waiting > best.candidate.waiting:
        why = f"has {one.candidate.waiting} jobs before it, {best.candidate.device.name} {best.candidate.waiting}"
    else:
        why = f"is as good as {best.candidate.device.name}, which was registered first"
    return Pass(device, f"{device.name} {why}")

"""How an IPP device lies: one table of what it may do wrong with an operation, and some answers no printer gives."""

from collections.abc import Callable
from dataclasses import dataclass

from ippgate.ipp import Attribute, Group, Message, Operation, Status, Tag, Value, attribute, encode
from ippgate.ipp.registry import attributes as A

Twist = Callable[[Message], Message | bytes]
"""Honest answer in, what is sent instead out: a message, or octets as they are."""


@dataclass(frozen=True, slots=True)
class Lie:
    """What happens to a request. Without any of it, the device is honest; octets are of the document."""

    operation: Operation | None = None
    """Whom it meets; None: every operation."""

    times: int | None = 1
    """How often; None: for ever."""

    # ── while the request comes ──

    refuse: Status | None = None
    """Answer with this, after the document, and do nothing."""

    refuse_early: bool = False
    """Give that answer before the document is read, and close."""

    stall_after: int | None = None
    """Read no further than this many octets until `resume`."""

    cut_after: int | None = None
    """Send RST once this many octets are read; the operation is not done."""

    # ── when it is done ──

    twist: Twist | None = None
    """Answer something else."""

    answer_after: float = 0.0
    """Seconds of thinking."""

    lose_answer: bool = False
    """Do it, then send RST instead of the answer."""

    cut_answer_after: int | None = None
    """Send RST once this many octets of the answer's body are sent."""

    http_status: str | None = None
    """Answer with this HTTP status ("503 Service Unavailable") and an empty body; the operation is done."""

    raw: bytes | None = None
    """Say these octets instead of HTTP, and close."""

    endless: bool = False
    """Go on sending octets after the answer as if they belonged to it, until the client leaves."""

    drip: int | None = None
    """Send the answer in pieces of so many octets, `drip_every` seconds apart."""

    drip_every: float = 0.01


def with_job_attributes(*replacements: Attribute) -> Twist:
    """Answer with other job attributes: another job's id, a state that doesn't exist."""
    return _in_group(Tag.JOB, lambda group: replaced(group, *replacements))


def with_printer_attributes(*replacements: Attribute) -> Twist:
    """Answer with other printer attributes."""
    return _in_group(Tag.PRINTER, lambda group: replaced(group, *replacements))


def without(*names: str) -> Twist:
    """Leave attributes out of every group but the first."""

    def twist(answer: Message) -> Message:
        for group in answer.groups[1:]:
            group.attributes = [attribute for attribute in group if attribute.name not in names]
        return answer

    return twist


def other_request(answer: Message) -> Message:
    """Answer a request that nobody made."""
    return Message(answer.version, answer.code, answer.request_id + 1, answer.groups)


def truncated(octets: int) -> Twist:
    """End the answer after so many octets."""
    return lambda answer: encode(answer)[:octets]


def nested(depth: int) -> Twist:
    """Answer with collections in collections, this deep."""

    def twist(answer: Message) -> Message:
        inner = Attribute("media-size", (Value(Tag.INTEGER, b"\0\0\0\1"),))
        for _ in range(depth):
            inner = Attribute("media-col", (Value(Tag.BEG_COLLECTION, (inner,)),))
        answer.groups.append(Group(Tag.PRINTER, [inner]))
        return answer

    return twist


def huge(attributes: int, *, size: int = 1000) -> Twist:
    """Answer with so many attributes of `size` octets more."""

    def twist(answer: Message) -> Message:
        more = [attribute(f"vendor-{number}", "x" * size, tag=Tag.TEXT) for number in range(attributes)]
        answer.groups.append(Group(Tag.PRINTER, more))
        return answer

    return twist


def other_job(job_id: int) -> Twist:
    """Answer about another job."""
    return with_job_attributes(attribute(A.JOB_ID, job_id))


def replaced(group: Group, *replacements: Attribute) -> Group:
    """Return the group with these attributes instead of those of their names."""
    names = {replacement.name for replacement in replacements}
    return Group(group.tag, [*(old for old in group if old.name not in names), *replacements])


def _in_group(tag: Tag, change: Callable[[Group], Group]) -> Twist:
    def twist(answer: Message) -> Message:
        answer.groups = [change(group) if group.tag == tag else group for group in answer.groups]
        return answer

    return twist

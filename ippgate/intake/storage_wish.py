"""How a request wants its job to be kept (job-storage, PWG 5100.11-2024 section 6.1.4). Pure.

A job that cannot be kept as it was asked is refused, fidelity or not: printed instead, a document that was only to
be stored would lie in a tray. It is looked for among the job's attributes too, where some clients put operation
attributes.
"""

from collections.abc import Collection, Sequence
from typing import Final

from ippgate.ipp import Attribute, Group, IppError, Status, Tag, Value
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import fits
from ippgate.model.owner import MAX_NAME
from ippgate.model.storage import NOT_STORED, Access, Disposition, Storage

MEMBERS: Final = (A.JOB_STORAGE_ACCESS, A.JOB_STORAGE_DISPOSITION, A.JOB_STORAGE_GROUP)

_BAD: Final = Status.CLIENT_ERROR_BAD_REQUEST


def storage_asked(groups: Sequence[Group]) -> Attribute | None:
    """The attribute, wherever it stands."""
    return next((found for group in groups if (found := group.get(A.JOB_STORAGE)) is not None), None)


def storage_wish(
    groups: Sequence[Group], *, offered: Collection[Access], own_groups: frozenset[str], unclaimed: bool = False
) -> Storage | None:
    """How the job is to be kept; None: not at all. groups: operation attributes, then the job's; offered:
    job-storage-access-supported, nothing where none is stored; own_groups: those that the requester belongs to.

    Raises IppError: 0x0400 for a collection that makes no sense, 0x040B for what is not possible here, with exactly
    that in the unsupported group.
    """
    asked = storage_asked(groups)
    if asked is None:
        return None
    members = _members(asked)
    if strange := [each for name, each in members.items() if name not in MEMBERS]:
        raise _refused(strange, f"job-storage has no {strange[0].name}")
    said = members.get(A.JOB_STORAGE_DISPOSITION)
    if said is None:
        raise IppError(_BAD, "job-storage needs job-storage-disposition: print-and-store, or store-only", [asked])
    if said.text() == NOT_STORED:
        return None
    if not offered:
        raise IppError(_NOT_SUPPORTED, "no jobs are stored here: send the job without job-storage", [asked])
    if unclaimed:
        raise IppError(_NOT_SUPPORTED, "a job that is nobody's is not stored: log in, or print by your name", [asked])
    disposition, access = said.text() or "", _access(members, offered)
    if disposition not in tuple(Disposition):
        raise _refused([said], f"that job-storage-disposition is not supported: use {', '.join(Disposition)}")
    return Storage(Disposition(disposition), access, _group(members, access, own_groups))


_NOT_SUPPORTED: Final = Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED


def _members(asked: Attribute) -> dict[str, Attribute]:
    if len(asked.values) != 1 or asked.first.tag != Tag.BEG_COLLECTION:
        raise IppError(_BAD, "job-storage is one collection", [asked])
    members = {each.name: each for each in asked.first.members}
    malformed = [each for each in asked.first.members if len(each.values) != 1 or not fits(each, A.JOB_STORAGE)]
    if malformed or len(members) != len(asked.first.members):
        raise IppError(_BAD, "the members of job-storage are one value each, of their own syntax", [asked])
    return members


def _access(members: dict[str, Attribute], offered: Collection[Access]) -> Access:
    said = members.get(A.JOB_STORAGE_ACCESS)
    access = Access.OWNER if said is None else next((each for each in offered if each == said.text()), None)
    if access is None:
        assert said is not None
        raise _refused([said], f"that job-storage-access is not supported: use {', '.join(offered)}")
    return access


def _group(members: dict[str, Attribute], access: Access, own_groups: frozenset[str]) -> str:
    """A group that is not the requester's own is refused like one that does not exist: who is in which is nobody's to
    find out here.
    """
    said = members.get(A.JOB_STORAGE_GROUP)
    if (said is None) == (access is Access.GROUP):
        raise IppError(_BAD, "job-storage-group goes with job-storage-access group, and that with it alone")
    if said is None:
        return ""
    group = said.text() or ""
    if group not in own_groups or len(group.encode()) > MAX_NAME:
        raise _refused([said], "job-storage-group has to be a group of your own")
    return group


def _refused(members: Sequence[Attribute], sentence: str) -> IppError:
    shown = Attribute(A.JOB_STORAGE, (Value(Tag.BEG_COLLECTION, tuple(members)),))
    return IppError(_NOT_SUPPORTED, sentence, [shown])

"""What a request may say about how its job is kept (job-storage, PWG 5100.11-2024)."""

import pytest

from ippgate.intake.storage_wish import storage_wish
from ippgate.ipp import Attribute, Group, IppError, Status, Tag, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.storage import Access, Disposition, Storage

BAD, NOT_SUPPORTED = Status.CLIENT_ERROR_BAD_REQUEST, Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
EVERYTHING = tuple(Access)
ACCESS, DISPOSITION, GROUP = A.JOB_STORAGE_ACCESS, A.JOB_STORAGE_DISPOSITION, A.JOB_STORAGE_GROUP
ONLY = {DISPOSITION: "store-only"}


def wish(*asked: Attribute, offered: tuple[Access, ...] = EVERYTHING, unclaimed: bool = False) -> Storage | None:
    groups = [Group(Tag.OPERATION, []), Group(Tag.JOB, list(asked))]
    return storage_wish(groups, offered=offered, own_groups=frozenset({"staff"}), unclaimed=unclaimed)


@pytest.mark.parametrize(
    ("members", "wanted"),
    [
        (ONLY, Storage(Disposition.STORE_ONLY)),
        ({DISPOSITION: "print-and-store", ACCESS: "public"}, Storage(Disposition.PRINT_AND_STORE, Access.PUBLIC)),
        ({**ONLY, ACCESS: "group", GROUP: "staff"}, Storage(Disposition.STORE_ONLY, Access.GROUP, "staff")),
        ({DISPOSITION: "none"}, None),
    ],
)
def test_what_is_asked_for_is_wished(members: dict[str, str], wanted: Storage | None) -> None:
    assert wish(attribute(A.JOB_STORAGE, members)) == wanted


def test_who_asks_for_nothing_has_nothing_stored() -> None:
    assert wish() is None


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({ACCESS: "owner"}, BAD),
        ({**ONLY, ACCESS: "group"}, BAD),
        ({**ONLY, GROUP: "staff"}, BAD),
        ({**ONLY, ACCESS: "group", GROUP: "others"}, NOT_SUPPORTED),
        ({**ONLY, ACCESS: "everybody"}, NOT_SUPPORTED),
        ({DISPOSITION: "keep-it"}, NOT_SUPPORTED),
    ],
)
def test_what_cannot_be_is_refused_and_not_printed_instead(members: dict[str, str], status: Status) -> None:
    with pytest.raises(IppError) as refused:
        wish(attribute(A.JOB_STORAGE, members))
    assert refused.value.status == status


def test_what_is_no_collection_is_a_bad_request() -> None:
    with pytest.raises(IppError) as refused:
        wish(attribute(A.JOB_STORAGE, "store-only", tag=Tag.KEYWORD))
    assert refused.value.status == BAD


def test_nothing_is_stored_where_that_is_off_or_for_nobody() -> None:
    for refused in ({"offered": ()}, {"unclaimed": True}):
        with pytest.raises(IppError):
            wish(attribute(A.JOB_STORAGE, ONLY), **refused)

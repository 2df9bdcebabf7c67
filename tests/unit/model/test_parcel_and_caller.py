"""What a parcel is found by, and who owns what."""

from uuid import UUID, uuid4

from ippgate.model.job import Caller
from ippgate.model.parcel import Parcel
from tests.unit.model.nouns import device, job


def parcel(uuid: UUID) -> Parcel:
    return Parcel(1, uuid, "name", "alice", "application/pdf")


def test_a_token_is_short_plain_and_one_jobs_own() -> None:
    tokens = {parcel(uuid4()).token for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(token.isascii() and len(token) == len("ippgate-") + 16 for token in tokens)
    assert parcel(UUID(int=1)).token == parcel(UUID(int=1)).token


def test_a_caller_owns_what_bears_their_name_and_an_operator_everything() -> None:
    assert Caller("alice").owns("alice")
    assert not Caller("alice").owns("Alice")
    assert not Caller("alice").owns("")
    assert Caller("root", operator=True).owns("alice")


def test_a_device_prints_what_it_lists_and_a_silent_one_is_not_doubted() -> None:
    assert device(formats=("application/pdf",)).prints("application/pdf")
    assert not device(formats=("application/pdf",)).prints("image/urf")
    assert device(formats=("application/pdf",)).prints("application/octet-stream")
    assert device().prints("image/urf")


def test_a_jobs_size_is_that_of_all_its_documents() -> None:
    assert job().size == 0
    assert job("image/urf", "image/urf").size == 20

"""How the documents of a job go: together where their device takes them so, else one by one, and never one again."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from ippgate.delivery.legs import COLLATED, UNCOLLATED, found_on_its_way, next_leg, on_its_way, rounds
from ippgate.ipp import Attribute, Group, Operation, PrinterState, Tag, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import JobState
from ippgate.model.device import Device, DeviceReport
from ippgate.model.facts import DocumentFacts
from ippgate.model.parcel import Parcel
from ippgate.store.lanes import Enclosed, Load

PDF, OCTETS = "application/pdf", "application/octet-stream"
FILLS = attribute(A.OPERATIONS_SUPPORTED, Operation.PRINT_JOB, Operation.CREATE_JOB, Operation.SEND_DOCUMENT)
SEVERAL = attribute(A.MULTIPLE_DOCUMENT_JOBS_SUPPORTED, True)
LAYS = attribute(A.MULTIPLE_DOCUMENT_HANDLING_SUPPORTED, COLLATED, UNCOLLATED)
TWICE = attribute(A.COPIES, 2)
BY_THEMSELVES = attribute(A.MULTIPLE_DOCUMENT_HANDLING, UNCOLLATED)


def device(*told: Attribute, formats: tuple[str, ...] = (PDF, OCTETS)) -> Device:
    attributes = Group(Tag.PRINTER, list(told)) if told else None
    return Device(
        7, uuid4(), "mfp", "ipp://mfp", report=DeviceReport(PrinterState.IDLE, formats=formats, attributes=attributes)
    )


RAW, ONE_BY_ONE, ABLE = device(), device(FILLS), device(FILLS, SEVERAL, LAYS)


def document(number: int, document_format: str = PDF, printed: int = 0, facts: DocumentFacts | None = None) -> Enclosed:
    return Enclosed(number, 100 + number, document_format, f"{number}.pdf", 10 * number, facts, printed)


def load(*documents: Enclosed, template: tuple[Attribute, ...] = (), sending: int | None = None) -> Load:
    parcel = Parcel(5, UUID(int=5), "report", "alice", PDF, template, size=10)
    return Load(
        parcel, 7, JobState.PENDING, None, 101, b"frame", None, None, None,
        lease=3, attempts=0, age=0.0, enclosed=documents, sending=sending,
    )  # fmt: skip


def legs(loaded: Load, where: Device) -> Iterator[Load]:
    """One leg after the other, as each comes out."""
    going = on_its_way(loaded, where)
    while going is not None:
        yield going
        if going.leg is None or going.leg.last:
            return
        going = next_leg(going, where, None, None)


def sent(loaded: Load, where: Device) -> list[int]:
    return [leg.number for leg in legs(loaded, where)]


def test_a_job_of_one_document_goes_as_it_is() -> None:
    single = load()
    assert on_its_way(single, ABLE) is single
    assert found_on_its_way(single) is single


def test_a_device_that_takes_several_gets_them_in_one_job() -> None:
    going = on_its_way(load(document(1), document(2)), ABLE)
    assert going is not None
    assert going.leg is None
    assert [(each.name, each.size) for each in going.parcel.enclosed] == [("1.pdf", 10), ("2.pdf", 20)]
    assert going.parcel.size == 30


@pytest.mark.parametrize(
    "where",
    [
        RAW,
        ONE_BY_ONE,
        device(SEVERAL),
        device(FILLS, attribute(A.MULTIPLE_DOCUMENT_JOBS_SUPPORTED, False)),
        device(FILLS, SEVERAL, formats=("image/urf",)),
    ],
    ids=["raw", "says nothing", "no Create-Job", "says no", "another format"],
)
def test_elsewhere_each_goes_by_itself_in_order(where: Device) -> None:
    going = list(legs(load(document(1), document(2), document(3)), where))
    assert [each.number for each in going] == [1, 2, 3]
    assert [each.leg.last for each in going if each.leg] == [False, False, True]
    assert [each.parcel.size for each in going] == [10, 20, 30]
    assert [each.oid for each in going] == [101, 102, 103]
    assert len({each.parcel.token for each in going}) == 3
    assert not any(each.parcel.enclosed for each in going)


def test_what_came_out_is_not_sent_again() -> None:
    assert sent(load(document(1, printed=1), document(2), document(3)), RAW) == [2, 3]
    assert sent(load(document(1, printed=1), document(2)), ABLE) == [2]
    assert on_its_way(load(document(1, printed=1), document(2, printed=1)), RAW) is None


def test_what_is_left_goes_together_where_it_can() -> None:
    going = on_its_way(load(document(1, printed=1), document(2), document(3)), ABLE)
    assert going is not None
    assert [each.name for each in going.parcel.enclosed] == ["2.pdf", "3.pdf"]
    assert [each.number for each in going.enclosed] == [2, 3]


def test_copies_are_collated_unless_the_job_asks_otherwise() -> None:
    assert rounds(()) == 1
    assert rounds((TWICE,)) == 2
    assert rounds((TWICE, BY_THEMSELVES)) == 1
    assert sent(load(document(1), document(2), template=(TWICE,)), RAW) == [1, 2, 1, 2]
    assert sent(load(document(1), document(2), template=(TWICE, BY_THEMSELVES)), RAW) == [1, 2]


def test_in_rounds_each_document_comes_once_and_otherwise_as_often_as_is_asked() -> None:
    in_rounds = list(legs(load(document(1), document(2), template=(TWICE,)), RAW))
    assert all(A.COPIES not in [each.name for each in leg.parcel.template] for leg in in_rounds)
    assert len({leg.parcel.token for leg in in_rounds}) == 4
    by_themselves = list(legs(load(document(1), document(2), template=(TWICE, BY_THEMSELVES)), RAW))
    assert all(TWICE in leg.parcel.template for leg in by_themselves)


def test_a_round_that_was_interrupted_goes_on_where_it_was() -> None:
    assert sent(load(document(1, printed=1), document(2), template=(TWICE,)), RAW) == [2, 1, 2]


def test_copies_go_together_where_the_device_lays_them_as_asked() -> None:
    going = on_its_way(load(document(1), document(2), template=(TWICE,)), ABLE)
    assert going is not None
    assert going.parcel.enclosed
    assert attribute(A.MULTIPLE_DOCUMENT_HANDLING, COLLATED) in going.parcel.template
    only_uncollated = device(FILLS, SEVERAL, attribute(A.MULTIPLE_DOCUMENT_HANDLING_SUPPORTED, UNCOLLATED))
    assert sent(load(document(1), document(2), template=(TWICE,)), only_uncollated) == [1, 2, 1, 2]
    going = on_its_way(load(document(1), document(2), template=(TWICE, BY_THEMSELVES)), only_uncollated)
    assert going is not None
    assert going.parcel.enclosed


def test_an_heir_finds_the_document_that_was_under_way() -> None:
    heir = found_on_its_way(load(document(1, printed=1), document(2), document(3), sending=2))
    assert (heir.number, heir.leg and heir.leg.last) == (2, False)
    [going] = list(legs(load(document(1, printed=1), document(2)), RAW))
    assert found_on_its_way(load(document(1, printed=1), document(2), sending=2)).parcel.token == going.parcel.token


def test_an_heir_of_documents_that_went_together_knows_how_many() -> None:
    heir = found_on_its_way(load(document(1), document(2)))
    assert heir.leg is None
    assert len(heir.parcel.enclosed) == 2


def test_what_its_client_did_not_know_is_what_was_found() -> None:
    facts = DocumentFacts("image/urf")
    only_pdf = device(FILLS, SEVERAL, formats=(PDF,))
    assert sent(load(document(1), document(2, OCTETS, facts=facts)), only_pdf) == [1, 2]


def test_counts_of_former_legs_go_along() -> None:
    first = on_its_way(load(document(1), document(2)), RAW)
    assert first is not None
    second = next_leg(replace(first, attempts=3), RAW, 4, 2)
    assert second is not None
    assert (second.impressions, second.sheets, second.attempts) == (4, 2, 0)

"""Of several devices one takes the job: who can, is well and has the shortest lane; and why the others do not."""

from dataclasses import replace
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.convert.formats import best_target
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.capabilities import PJL, RAW, SAFE, Capabilities
from ippgate.model.device import SILENT_REASON, Device, DeviceReport
from ippgate.model.errors import DeviceNotReady, FormatNotSupported, NotBindable
from ippgate.release.choice import Candidate, Choice, Wanted, choose

PDF = Wanted(("application/pdf",))
TWO_SIDED = attribute(A.SIDES, "two-sided-long-edge")
STOPPED = DeviceReport(PrinterState.STOPPED, ("media-jam",), "Paper jam")
CLOSED = DeviceReport(PrinterState.IDLE, accepting=False)
SILENT = DeviceReport(PrinterState.STOPPED, (SILENT_REASON,))
URF_ONLY = DeviceReport(PrinterState.IDLE, formats=("image/urf",))
WELL = DeviceReport(PrinterState.IDLE)


def candidate(
    number: int, report: DeviceReport = WELL, *, able: Capabilities | None = SAFE, waiting: int = 0
) -> Candidate:
    device = Device(number, UUID(int=number), f"d{number}", "ipp://d/ipp/print", report=report)
    return Candidate(device, able, waiting)


def chosen(choice: Choice) -> str | None:
    return choice.device.name if choice.device else None


def reasons(choice: Choice) -> dict[str, str]:
    return {one.device.name: one.reason for one in choice.passed}


# ── who takes it ──


def test_the_shortest_lane_takes_it_and_among_equals_the_one_registered_first() -> None:
    choice = choose([candidate(1, waiting=3), candidate(3, waiting=1), candidate(2, waiting=1)], PDF)
    assert chosen(choice) == "d2"
    assert reasons(choice) == {
        "d1": "d1 has 3 jobs before it, d2 1",
        "d3": "d3 is as good as d2, which was registered first",
    }


@pytest.mark.parametrize(
    ("report", "why"),
    [
        (STOPPED, "d1 is stopped (Paper jam): choose another device or try again when it is ready"),
        (CLOSED, "d1 takes no jobs at the moment: choose another device"),
        (URF_ONLY, "d1 cannot print application/pdf; it takes image/urf"),
        (SILENT, "d1 does not answer"),
    ],
)
def test_a_device_that_cannot_is_passed_over_however_short_its_lane(report: DeviceReport, why: str) -> None:
    choice = choose([candidate(1, report), candidate(2, waiting=50)], PDF)
    assert (chosen(choice), reasons(choice)) == ("d2", {"d1": why})


def test_who_prints_the_document_as_it_is_goes_before_who_gets_another_format() -> None:
    converting, native = candidate(1, URF_ONLY), candidate(2, waiting=50)
    choice = choose([converting, native], PDF, possible=best_target)
    assert (chosen(choice), reasons(choice)) == ("d2", {"d1": "d1 does not print it as it is"})
    lacking = candidate(2, able=RAW)
    assert chosen(choose([converting, lacking], replace(PDF, template=(TWO_SIDED,)), possible=best_target)) == "d2"


@pytest.mark.parametrize("other", [STOPPED, SILENT])
def test_a_device_that_gets_another_format_is_better_than_one_that_is_not_well(other: DeviceReport) -> None:
    assert chosen(choose([candidate(1, URF_ONLY), candidate(2, other)], PDF, possible=best_target)) == "d1"


def test_a_silent_device_is_waited_for_when_there_is_no_other() -> None:
    assert chosen(choose([candidate(1, SILENT), candidate(2, STOPPED)], PDF)) == "d1"


def test_the_device_that_does_what_the_ticket_asks_for_takes_it() -> None:
    wanted = replace(PDF, template=(TWO_SIDED,))
    choice = choose([candidate(1, able=RAW), candidate(2, able=None), candidate(3, able=PJL, waiting=9)], wanted)
    assert chosen(choice) == "d3"
    assert reasons(choice) == {"d1": "d1 cannot do sides", "d2": "d2 cannot do sides"}
    alone = choose([candidate(1, able=RAW)], wanted)
    assert (chosen(alone), alone.template) == ("d1", (TWO_SIDED,))  # it is printed as well as can be


def test_a_device_that_cannot_do_what_is_asked_for_now_is_not_chosen() -> None:
    wanted = replace(PDF, changes=(TWO_SIDED,))
    choice = choose([candidate(1, able=RAW), candidate(2, able=PJL, waiting=9)], wanted)
    assert (chosen(choice), choice.template) == ("d2", (TWO_SIDED,))
    assert reasons(choice) == {"d1": "d1 cannot do that (sides: not two-sided-long-edge, but one-sided)"}


# ── when none can ──


def test_with_nobody_to_take_it_each_ones_reason_is_told() -> None:
    choice = choose(
        [candidate(1, STOPPED), candidate(2, URF_ONLY), candidate(3, able=RAW)], replace(PDF, changes=(TWO_SIDED,))
    )
    refusal = choice.refusal("group floor-2")
    assert isinstance(refusal, DeviceNotReady)
    said = str(refusal)
    assert said.startswith("no device of the group floor-2 can print it: d1 is stopped (Paper jam)")
    assert "; d2 cannot print application/pdf" in said
    assert "; d3 cannot do that (sides" in said


def test_the_refusal_is_of_the_kind_that_all_devices_share() -> None:
    formats = choose([candidate(1, URF_ONLY), candidate(2, URF_ONLY)], PDF).refusal("group g")
    assert isinstance(formats, FormatNotSupported)
    bindings = choose([candidate(1, able=RAW), candidate(2, able=None)], replace(PDF, changes=(TWO_SIDED,))).refusal(
        "group g"
    )
    assert isinstance(bindings, NotBindable)
    assert bindings.attributes == (TWO_SIDED,)


def test_a_group_of_nobody_says_so() -> None:
    refusal = choose([], PDF).refusal("group empty")
    assert isinstance(refusal, DeviceNotReady)
    assert str(refusal) == "there is no device in the group empty"


def test_a_refusal_stays_short_however_many_devices_there_are() -> None:
    refusal = choose([candidate(number, STOPPED) for number in range(1, 1001)], PDF).refusal("group all")
    assert len(str(refusal)) <= 1000
    assert str(refusal).endswith("and 992 more")


# ── on arrival ──


def test_patience_waits_for_a_stopped_device_but_not_for_one_that_never_could() -> None:
    assert chosen(choose([candidate(1, STOPPED), candidate(2, URF_ONLY)], PDF, patient=True)) == "d1"
    assert chosen(choose([candidate(1, STOPPED), candidate(2, SILENT)], PDF, patient=True)) == "d2"
    choice = choose([candidate(1, STOPPED), candidate(2, waiting=99)], PDF, patient=True)
    assert (chosen(choice), reasons(choice)) == ("d2", {"d1": "d1 is not ready"})
    assert chosen(choose([candidate(2, URF_ONLY)], PDF, patient=True)) is None


# ── whoever the candidates are ──

REPORTS = st.sampled_from([WELL, STOPPED, CLOSED, SILENT, URF_ONLY])
CANDIDATES = st.lists(
    st.builds(
        lambda number, report, able, waiting: candidate(number, report, able=able, waiting=waiting),
        st.integers(1, 8),
        REPORTS,
        st.sampled_from([SAFE, PJL, RAW, None]),
        st.integers(0, 3),
    ),
    unique_by=lambda one: one.device.id,
    max_size=6,
)
WANTED = st.builds(
    Wanted,
    st.sampled_from([("application/pdf",), ("image/urf",), ()]),
    st.sampled_from([(), (TWO_SIDED,)]),
    st.sampled_from([(), (TWO_SIDED,), (attribute(A.COPIES, 2),)]),
)


@given(CANDIDATES, WANTED, st.booleans(), st.randoms())
def test_the_choice_depends_on_nobodys_order_and_every_other_device_has_its_reason(
    candidates: list[Candidate], wanted: Wanted, patient: bool, chance: Random
) -> None:
    first = choose(candidates, wanted, patient=patient)
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    assert choose(shuffled, wanted, patient=patient).device == first.device
    assert {one.device.id for one in first.passed} == {
        one.device.id for one in candidates if one.device is not first.device
    }
    assert all(one.reason.startswith(f"{one.device.name} ") for one in first.passed)
    if first.device is None:
        assert all(one.refusal is not None for one in first.passed)
        assert str(first.refusal("group g"))


@given(CANDIDATES, WANTED)
def test_nobody_well_and_able_waits_longer_than_the_chosen(candidates: list[Candidate], wanted: Wanted) -> None:
    """Were the lane of any other shorter, that one would have been chosen, or there is something it cannot do."""
    choice = choose(candidates, wanted)
    if choice.device is None:
        return
    best = next(one for one in candidates if one.device is choice.device)
    assert best.device.prints(next(iter(wanted.formats), "application/octet-stream"))
    assert best.device.report not in (STOPPED, CLOSED)
    for other in candidates:
        if other.able is best.able and other.device.report is best.device.report:
            assert best.waiting <= other.waiting

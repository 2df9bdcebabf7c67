"""What clients may ask about time, of single attributes and of pages (RFC 8011, PWG 5100.6, 5100.7, 5100.11)."""

from datetime import UTC, datetime, timedelta

import pytest

from ippgate.ipp import UNSUPPORTED, Attribute, Group, Message, Operation, Range, Status, Tag, Value
from ippgate.ipp.builder import Plain, attribute
from ippgate.ipp.registry import attributes as A
from tests.unit.doors.client import sentence_of, status_of, unsupported_of
from tests.unit.doors.gate import Gate

PRINT, VALIDATE, CREATE = Operation.PRINT_JOB, Operation.VALIDATE_JOB, Operation.CREATE_JOB
CREATIONS = (PRINT, VALIDATE, CREATE)
SET, GET = Operation.SET_JOB_ATTRIBUTES, Operation.GET_JOB_ATTRIBUTES
OK, IGNORED = Status.SUCCESSFUL_OK, Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
NOT_SUPPORTED = Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
CONFLICT, BAD = Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES, Status.CLIENT_ERROR_BAD_REQUEST
INSIST, DO_NOT = (attribute(A.IPP_ATTRIBUTE_FIDELITY, value) for value in (True, False))
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=12)
NAMES = ["indefinite", "day-time", "evening", "night", "weekend", "second-shift", "third-shift"]
MOST, MONTH = 2**31 - 1, 31 * 86_400
FIRST_PAGE = attribute(A.OVERRIDES, {A.PAGES: Range(1, 1), A.MEDIA: "na_letter_8.5x11in"})
JOB = attribute(A.JOB_ID, 1)

WISHES = [
    *(attribute(A.JOB_HOLD_UNTIL, name) for name in ("no-hold", *NAMES, "18:30", "7:05:00")),
    attribute(A.JOB_HOLD_UNTIL_TIME, SOON),
    *(attribute(A.JOB_DELAY_OUTPUT_UNTIL, name) for name in ("no-delay-output", *NAMES, "18:30")),
    attribute(A.JOB_DELAY_OUTPUT_UNTIL_INTERVAL, 60),
    attribute(A.JOB_DELAY_OUTPUT_UNTIL_TIME, SOON),
    *(attribute(A.JOB_RETAIN_UNTIL, name) for name in ("none", "end-of-day", "end-of-week", "end-of-month")),
    attribute(A.JOB_RETAIN_UNTIL_INTERVAL, 60),
    attribute(A.JOB_RETAIN_UNTIL_TIME, SOON),
    attribute(A.JOB_CANCEL_AFTER, 60),
    attribute(A.JOB_CANCEL_AFTER, 0),
    FIRST_PAGE,
]
IMPOSSIBLE = [
    attribute(A.JOB_HOLD_UNTIL, "full-moon"),
    attribute(A.JOB_HOLD_UNTIL, "25:00"),
    attribute(A.JOB_HOLD_UNTIL_TIME, datetime(9999, 12, 31, tzinfo=UTC)),
    attribute(A.JOB_DELAY_OUTPUT_UNTIL, "full-moon"),
    attribute(A.JOB_RETAIN_UNTIL, "indefinite"),
    attribute(A.JOB_RETAIN_UNTIL, "18:30"),
    attribute(A.JOB_RETAIN_UNTIL_INTERVAL, MONTH + 1),
    attribute(A.JOB_RETAIN_UNTIL_TIME, SOON + timedelta(days=60)),
    Attribute(A.JOB_CANCEL_AFTER, (Value(Tag.INTEGER, b"\xff\xff\xff\xff"),)),
    Attribute(A.JOB_CANCEL_AFTER, (Value(Tag.KEYWORD, b"soon"),)),
]


async def told(gate: Gate) -> Group:
    answer = await gate.operate(Operation.GET_PRINTER_ATTRIBUTES)
    printer = answer.group(Tag.PRINTER)
    assert printer is not None
    return printer


async def job_told(gate: Gate) -> Group:
    job = (await gate.operate(GET, JOB)).group(Tag.JOB)
    assert job is not None
    return job


async def test_everything_about_time_is_advertised() -> None:
    async with Gate() as gate:
        printer = await told(gate)
        expected: dict[str, tuple[Plain, ...]] = {
            A.JOB_HOLD_UNTIL_SUPPORTED: ("no-hold", *NAMES),
            A.JOB_HOLD_UNTIL_DEFAULT: ("no-hold",),
            A.JOB_HOLD_UNTIL_TIME_SUPPORTED: (True,),
            A.JOB_DELAY_OUTPUT_UNTIL_SUPPORTED: ("no-delay-output", *NAMES),
            A.JOB_DELAY_OUTPUT_UNTIL_DEFAULT: ("no-delay-output",),
            A.JOB_DELAY_OUTPUT_UNTIL_INTERVAL_SUPPORTED: (Range(0, MOST),),
            A.JOB_DELAY_OUTPUT_UNTIL_TIME_SUPPORTED: (Range(0, MOST),),
            A.JOB_RETAIN_UNTIL_SUPPORTED: ("none", "end-of-day", "end-of-week", "end-of-month"),
            A.JOB_RETAIN_UNTIL_DEFAULT: ("none",),
            A.JOB_RETAIN_UNTIL_INTERVAL_SUPPORTED: (Range(0, MONTH),),
            A.JOB_RETAIN_UNTIL_TIME_SUPPORTED: (Range(0, MONTH),),
            A.JOB_CANCEL_AFTER_SUPPORTED: (Range(0, MOST),),
            A.JOB_CANCEL_AFTER_DEFAULT: (0,),
            A.JOB_MANDATORY_ATTRIBUTES_SUPPORTED: (True,),
            A.OVERRIDES_SUPPORTED: (A.PAGES, A.DOCUMENT_NUMBERS, A.MEDIA, A.MEDIA_COL, A.ORIENTATION_REQUESTED),
        }
        assert {name: printer.get(name) for name in expected} == {
            name: attribute(name, *values) for name, values in expected.items()
        }
        asked = {wish.name for wish in WISHES}
        assert asked <= set(printer.texts(A.JOB_CREATION_ATTRIBUTES_SUPPORTED))
        assert asked <= set(printer.texts(A.JOB_SETTABLE_ATTRIBUTES_SUPPORTED))


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: f"{wish.name}-{wish.first.text or ''}")
async def test_each_wish_is_taken_told_again_and_may_be_set_later(wish: Attribute) -> None:
    async with Gate() as gate:
        for code in CREATIONS:
            answer = await gate.operate(code, INSIST, job=(wish,), document=b"x" if code == PRINT else b"")
            assert status_of(answer) == OK, sentence_of(answer)
        if wish.first.text != "no-hold":
            assert (await job_told(gate)).get(wish.name) == wish
    async with Gate() as gate:
        await gate.print()
        assert status_of(await gate.operate(SET, JOB, job=(wish,))) == OK
        assert (await job_told(gate)).get(wish.name) == wish


@pytest.mark.parametrize("wish", IMPOSSIBLE, ids=lambda wish: f"{wish.name}-{wish.first.text or ''}")
async def test_what_is_not_possible_is_dropped_or_refused_as_fidelity_has_it(wish: Attribute) -> None:
    async with Gate() as gate:
        for code in CREATIONS:
            dropped = await gate.operate(code, job=(wish,), document=b"x" if code == PRINT else b"")
            assert (status_of(dropped), unsupported_of(dropped).attributes) == (IGNORED, [wish])
            refused = await gate.operate(code, INSIST, job=(wish,), document=b"x" if code == PRINT else b"")
            assert (status_of(refused), unsupported_of(refused).attributes) == (NOT_SUPPORTED, [wish])
        changed = await gate.operate(SET, JOB, job=(wish,))
        assert (status_of(changed), unsupported_of(changed).attributes) == (NOT_SUPPORTED, [wish])
        assert "not possible here as asked for" in sentence_of(changed)


@pytest.mark.parametrize("code", CREATIONS)
@pytest.mark.parametrize("fidelity", [(), (DO_NOT,), (INSIST,)])
async def test_two_ways_to_say_until_when_are_refused_whatever_fidelity_says(
    code: Operation, fidelity: tuple[Attribute, ...]
) -> None:
    async with Gate() as gate:
        for one, other in (
            (attribute(A.JOB_HOLD_UNTIL, "weekend"), attribute(A.JOB_HOLD_UNTIL_TIME, SOON)),
            (attribute(A.JOB_RETAIN_UNTIL, "end-of-day"), attribute(A.JOB_RETAIN_UNTIL_INTERVAL, 60)),
            (attribute(A.JOB_DELAY_OUTPUT_UNTIL_INTERVAL, 60), attribute(A.JOB_DELAY_OUTPUT_UNTIL_TIME, SOON)),
        ):
            answer = await gate.operate(code, *fidelity, job=(one, other), document=b"x")
            assert status_of(answer) == CONFLICT
            assert unsupported_of(answer).attributes == [one, other]
            assert sentence_of(answer) == f"{one.name} and {other.name} exclude each other: send one of them"
        assert not gate.memory.jobs


# job-mandatory-attributes


def mandatory(*names: str) -> Attribute:
    return attribute(A.JOB_MANDATORY_ATTRIBUTES, *names)


async def validated(gate: Gate, *operation: Attribute, job: tuple[Attribute, ...]) -> Message:
    return await gate.operate(VALIDATE, *operation, job=job)


COPIES, NIGHT = attribute(A.COPIES, 5000), attribute(A.JOB_HOLD_UNTIL, "full-moon")


@pytest.mark.parametrize(
    ("insisted", "status", "named"),
    [
        ((mandatory(A.COPIES),), NOT_SUPPORTED, [COPIES]),
        ((mandatory(A.JOB_HOLD_UNTIL),), NOT_SUPPORTED, [NIGHT]),
        ((mandatory(A.COPIES, A.JOB_HOLD_UNTIL),), NOT_SUPPORTED, [COPIES, NIGHT]),
        ((mandatory(A.SIDES, A.MEDIA_COL, "x-glitter"),), IGNORED, [COPIES, NIGHT]),
        ((mandatory(A.COPIES), DO_NOT), IGNORED, [COPIES, NIGHT]),
        ((mandatory(A.SIDES), INSIST), NOT_SUPPORTED, [COPIES, NIGHT]),
    ],
)
async def test_what_is_insisted_on_by_name_is_refused_and_the_rest_dropped(
    insisted: tuple[Attribute, ...], status: Status, named: list[Attribute]
) -> None:
    async with Gate() as gate:
        answer = await validated(gate, *insisted, job=(COPIES, NIGHT))
        assert (status_of(answer), unsupported_of(answer).attributes) == (status, named)


async def test_a_mandatory_attribute_that_nobody_knows_is_refused_if_it_is_asked_for() -> None:
    glitter = attribute("x-glitter", "much", tag=Tag.KEYWORD)
    async with Gate() as gate:
        answer = await validated(gate, mandatory("x-glitter"), job=(glitter,))
        assert status_of(answer) == NOT_SUPPORTED
        assert unsupported_of(answer).attributes == [Attribute("x-glitter", (UNSUPPORTED,))]


# overrides


@pytest.mark.parametrize("code", CREATIONS)
@pytest.mark.parametrize(
    "members",
    [
        {A.PAGES: Range(1, 1)},
        {A.PAGES: [Range(5, 6), Range(1, 2)], A.MEDIA: "na_letter_8.5x11in"},
        {A.PAGES: [Range(1, 2), Range(2, 3)], A.MEDIA: "na_letter_8.5x11in"},
        {A.PAGES: Value(Tag.RANGE, bytes(8)), A.MEDIA: "na_letter_8.5x11in"},
    ],
)
async def test_overrides_that_make_no_sense_are_a_bad_request(code: Operation, members: dict[str, Plain]) -> None:
    async with Gate() as gate:
        answer = await gate.operate(code, job=(attribute(A.OVERRIDES, members),), document=b"x")
        assert status_of(answer) == BAD
        assert "overrides are malformed" in sentence_of(answer)
        assert not gate.memory.jobs


async def test_of_an_override_what_is_possible_stays() -> None:
    asked = attribute(A.OVERRIDES, {A.PAGES: Range(1, 1), A.MEDIA: "na_letter_8.5x11in", A.SIDES: "one-sided"})
    async with Gate() as gate:
        answer = await gate.operate(PRINT, job=(asked,), document=b"x")
        assert status_of(answer) == IGNORED
        assert unsupported_of(answer).attributes == [attribute(A.OVERRIDES, {A.SIDES: "one-sided"})]
        assert gate.memory.jobs[1].template == (FIRST_PAGE,)

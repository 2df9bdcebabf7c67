"""Operations on subscriptions at the door (RFC 3995 section 11): each refusal with its status and a sentence."""

from collections.abc import AsyncIterator

import pytest

from ippgate.doors.settings import DoorSettings
from ippgate.ipp import UNSUPPORTED, Attribute, Group, Message, Operation, Status, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.subscription import Subscribed
from ippgate.notice.settings import NoticeSettings
from tests.unit.doors.client import sentence_of, status_of, unsupported_of
from tests.unit.doors.gate import ALICE, BOB, FOLLOWME, HERE, Gate

IPPGET = attribute(A.NOTIFY_PULL_METHOD, "ippget")
EVENTS = attribute(A.NOTIFY_EVENTS, "job-completed", "printer-stopped")
MAIL = attribute(A.NOTIFY_RECIPIENT_URI, "mailto:anna@example.com")
FEW = NoticeSettings(per_person=3, per_job=2, per_printer=2, in_all=4)


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    async with Gate() as gate:
        gate.memory.add_queue("other")
        yield gate


@pytest.fixture
async def narrow() -> AsyncIterator[Gate]:
    """A gate with room for few subscriptions."""
    async with Gate(DoorSettings(port=0, notices=FEW)) as gate:
        yield gate


def groups(answer: Message) -> list[Group]:
    return list(answer.groups_of(Tag.SUBSCRIPTION))


def told(answer: Message) -> list[tuple[int | None, int | None]]:
    """Of each group the subscription's id and the status."""
    return [(each.integer(A.NOTIFY_SUBSCRIPTION_ID), each.integer(A.NOTIFY_STATUS_CODE)) for each in groups(answer)]


def of(subscription: int) -> Attribute:
    return attribute(A.NOTIFY_SUBSCRIPTION_ID, subscription)


async def subscribed(gate: Gate, *more: Attribute, user: Attribute = ALICE) -> int:
    """A subscription of the printer; its id."""
    answer = await gate.operate(Operation.CREATE_PRINTER_SUBSCRIPTIONS, subscriptions=[[IPPGET, *more]], user=user)
    assert status_of(answer) is Status.SUCCESSFUL_OK, sentence_of(answer)
    [group] = groups(answer)
    made = group.integer(A.NOTIFY_SUBSCRIPTION_ID)
    assert made is not None
    return made


# ── created ──


async def test_a_subscription_of_the_printer_is_answered_with_its_id_and_lease(gate: Gate) -> None:
    answer = await gate.operate(
        Operation.CREATE_PRINTER_SUBSCRIPTIONS,
        subscriptions=[[IPPGET, EVENTS], [IPPGET, attribute(A.NOTIFY_LEASE_DURATION, 0)]],
    )
    assert status_of(answer) is Status.SUCCESSFUL_OK
    assert told(answer) == [(1, None), (2, None)]
    assert [each.integer(A.NOTIFY_LEASE_DURATION) for each in groups(answer)] == [86_400, 0]
    assert gate.kept.every[1].events == (Subscribed.JOB_COMPLETED, Subscribed.PRINTER_STOPPED)
    assert gate.kept.every[1].owner == "alice"


async def test_some_of_several_are_made_and_each_group_says_what_became_of_it(gate: Gate) -> None:
    odd = attribute(A.NOTIFY_CHARSET, "iso-8859-1")
    answer = await gate.operate(
        Operation.CREATE_PRINTER_SUBSCRIPTIONS, subscriptions=[[MAIL, EVENTS], [IPPGET, odd], [IPPGET]]
    )
    assert status_of(answer) is Status.SUCCESSFUL_OK_IGNORED_SUBSCRIPTIONS
    assert sentence_of(answer).startswith("1 of 3 subscriptions were not made: ippget alone is supported")
    scheme = Status.CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED
    ignored = Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
    assert told(answer) == [(None, scheme), (1, ignored), (2, None)]
    assert [groups(answer)[0].get(A.NOTIFY_RECIPIENT_URI), groups(answer)[1].get(A.NOTIFY_CHARSET)] == [MAIL, odd]


async def test_if_none_is_made_the_request_has_failed(gate: Gate) -> None:
    answer = await gate.operate(Operation.CREATE_PRINTER_SUBSCRIPTIONS, subscriptions=[[MAIL]])
    assert status_of(answer) is Status.CLIENT_ERROR_IGNORED_ALL_SUBSCRIPTIONS
    assert told(answer) == [(None, Status.CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED)]
    assert not gate.kept.every


@pytest.mark.parametrize("code", [Operation.CREATE_PRINTER_SUBSCRIPTIONS, Operation.CREATE_JOB_SUBSCRIPTIONS])
async def test_without_a_group_nothing_is_asked_for(gate: Gate, code: Operation) -> None:
    job = attribute(A.NOTIFY_JOB_ID, await gate.print())
    answer = await gate.operate(code, *([job] if code is Operation.CREATE_JOB_SUBSCRIPTIONS else []))
    assert status_of(answer) is Status.CLIENT_ERROR_BAD_REQUEST
    assert "without a group of subscription attributes asks for nothing" in sentence_of(answer)


async def test_a_group_without_a_method_is_a_bad_request_and_makes_nothing(gate: Gate) -> None:
    answer = await gate.operate(Operation.CREATE_PRINTER_SUBSCRIPTIONS, subscriptions=[[IPPGET], [EVENTS]])
    assert status_of(answer) is Status.CLIENT_ERROR_BAD_REQUEST
    assert groups(answer) == []
    assert not gate.kept.every


async def test_more_groups_than_anybody_may_have_are_a_bad_request(gate: Gate) -> None:
    answer = await gate.operate(Operation.CREATE_PRINTER_SUBSCRIPTIONS, subscriptions=[[IPPGET]] * 101)
    assert status_of(answer) is Status.CLIENT_ERROR_BAD_REQUEST
    assert sentence_of(answer) == "101 subscriptions in one request are too many: send 100 at most"


async def test_a_printer_s_subscription_has_no_job(gate: Gate) -> None:
    job = attribute(A.NOTIFY_JOB_ID, 1)
    answer = await gate.operate(Operation.CREATE_PRINTER_SUBSCRIPTIONS, job, subscriptions=[[IPPGET]])
    assert status_of(answer) is Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
    assert unsupported_of(answer).get(A.NOTIFY_JOB_ID) == Attribute(A.NOTIFY_JOB_ID, (UNSUPPORTED,))
    assert gate.kept.every[1].job_id is None


async def test_a_job_s_subscription_has_no_lease(gate: Gate) -> None:
    job_id = await gate.print()
    answer = await gate.operate(
        Operation.CREATE_JOB_SUBSCRIPTIONS, attribute(A.NOTIFY_JOB_ID, job_id), subscriptions=[[IPPGET]]
    )
    assert status_of(answer) is Status.SUCCESSFUL_OK
    [group] = groups(answer)
    assert (group.integer(A.NOTIFY_SUBSCRIPTION_ID), A.NOTIFY_LEASE_DURATION in group) == (1, False)
    assert gate.kept.every[1].job_id == job_id


@pytest.mark.parametrize(
    ("job", "status", "said"),
    [
        (None, Status.CLIENT_ERROR_BAD_REQUEST, "notify-job-id is missing: which job is meant?"),
        (99, Status.CLIENT_ERROR_NOT_FOUND, "there is no job 99"),
        (-1, Status.CLIENT_ERROR_NOT_FOUND, "there is no job -1"),
    ],
)
async def test_a_job_that_is_not_there(gate: Gate, job: int | None, status: Status, said: str) -> None:
    named = () if job is None else (attribute(A.NOTIFY_JOB_ID, job, tag=Tag.INTEGER),)
    answer = await gate.operate(Operation.CREATE_JOB_SUBSCRIPTIONS, *named, subscriptions=[[IPPGET]])
    assert (status_of(answer), sentence_of(answer)) == (status, said)


async def test_a_job_is_in_its_own_queue(gate: Gate) -> None:
    job = attribute(A.NOTIFY_JOB_ID, await gate.print())
    elsewhere = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/other")
    for code in (Operation.CREATE_JOB_SUBSCRIPTIONS, Operation.GET_SUBSCRIPTIONS):
        answer = await gate.operate(code, job, subscriptions=[[IPPGET]], target=elsewhere)
        assert (status_of(answer), sentence_of(answer)) == (
            Status.CLIENT_ERROR_NOT_FOUND,
            "there is no job 1 in other",
        )


async def test_somebody_else_s_job_and_one_that_has_ended(gate: Gate) -> None:
    job_id = await gate.print()
    job = attribute(A.NOTIFY_JOB_ID, job_id)
    answer = await gate.operate(Operation.CREATE_JOB_SUBSCRIPTIONS, job, subscriptions=[[IPPGET]], user=BOB)
    assert status_of(answer) is Status.CLIENT_ERROR_NOT_AUTHORIZED
    assert sentence_of(answer) == f"job {job_id} belongs to somebody else"
    gate.kept.end(job_id)
    answer = await gate.operate(Operation.CREATE_JOB_SUBSCRIPTIONS, job, subscriptions=[[IPPGET]])
    assert status_of(answer) is Status.CLIENT_ERROR_NOT_POSSIBLE
    assert sentence_of(answer) == f"job {job_id} has ended: nothing more happens to it"
    assert groups(answer) == []


# ── as many as there is room for ──


async def test_there_is_room_for_so_many_and_the_others_are_too_many(narrow: Gate) -> None:
    answer = await narrow.operate(
        Operation.CREATE_PRINTER_SUBSCRIPTIONS, subscriptions=[[IPPGET], [MAIL], [IPPGET], [IPPGET]]
    )
    assert status_of(answer) is Status.SUCCESSFUL_OK_IGNORED_SUBSCRIPTIONS
    scheme, many = Status.CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED, Status.CLIENT_ERROR_TOO_MANY_SUBSCRIPTIONS
    assert told(answer) == [(1, None), (None, scheme), (2, None), (None, many)]
    answer = await narrow.operate(Operation.CREATE_PRINTER_SUBSCRIPTIONS, subscriptions=[[IPPGET]], user=BOB)
    assert status_of(answer) is Status.CLIENT_ERROR_IGNORED_ALL_SUBSCRIPTIONS
    assert told(answer) == [(None, many)]


# ── with a job ──


@pytest.mark.parametrize("code", [Operation.PRINT_JOB, Operation.CREATE_JOB])
async def test_a_job_brings_its_subscriptions(gate: Gate, code: Operation) -> None:
    document = b"a page" if code is Operation.PRINT_JOB else b""
    answer = await gate.operate(code, subscriptions=[[IPPGET, EVENTS], [IPPGET]], document=document)
    assert status_of(answer) is Status.SUCCESSFUL_OK
    assert [group.tag for group in answer.groups] == [Tag.OPERATION, Tag.JOB, Tag.SUBSCRIPTION, Tag.SUBSCRIPTION]
    assert told(answer) == [(1, None), (2, None)]
    job = answer.group(Tag.JOB)
    assert job is not None
    assert {each.job_id for each in gate.kept.every.values()} == {job.integer(A.JOB_ID)}


async def test_a_job_is_taken_whatever_becomes_of_its_subscriptions(narrow: Gate) -> None:
    odd = attribute(A.SIDES, "three-sided")
    answer = await narrow.operate(
        Operation.PRINT_JOB, job=(odd,), subscriptions=[[IPPGET], [MAIL], [IPPGET], [IPPGET]], document=b"a page"
    )
    assert status_of(answer) is Status.SUCCESSFUL_OK_IGNORED_SUBSCRIPTIONS
    assert sentence_of(answer).startswith("2 of 4 subscriptions were not made")
    scheme, many = Status.CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED, Status.CLIENT_ERROR_TOO_MANY_SUBSCRIPTIONS
    assert told(answer) == [(1, None), (None, scheme), (2, None), (None, many)]
    assert unsupported_of(answer).get(A.SIDES) == odd
    assert len(narrow.memory.jobs) == 1


async def test_a_job_with_a_group_that_names_no_method_is_not_taken(gate: Gate) -> None:
    answer = await gate.operate(Operation.PRINT_JOB, subscriptions=[[EVENTS]], document=b"a page")
    assert status_of(answer) is Status.CLIENT_ERROR_BAD_REQUEST
    assert gate.memory.jobs == {}


async def test_what_would_come_of_subscriptions_can_be_asked(gate: Gate) -> None:
    answer = await gate.operate(
        Operation.VALIDATE_JOB, subscriptions=[[IPPGET], [MAIL], [IPPGET, attribute(A.NOTIFY_LEASE_DURATION, 60)]]
    )
    assert status_of(answer) is Status.SUCCESSFUL_OK_IGNORED_SUBSCRIPTIONS
    scheme = Status.CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED
    ignored = Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
    assert told(answer) == [(None, None), (None, scheme), (None, ignored)]
    assert not gate.kept.every
    answer = await gate.operate(Operation.VALIDATE_JOB, subscriptions=[[IPPGET]])
    assert status_of(answer) is Status.SUCCESSFUL_OK


# ── looked at ──


async def test_a_subscription_tells_everything_of_itself(gate: Gate) -> None:
    data = attribute(A.NOTIFY_USER_DATA, b"anna's desk")
    made = await subscribed(gate, EVENTS, data, attribute(A.NOTIFY_TIME_INTERVAL, 5))
    [group] = groups(await gate.operate(Operation.GET_SUBSCRIPTION_ATTRIBUTES, of(made)))
    assert group.integer(A.NOTIFY_SUBSCRIPTION_ID) == made
    assert group.text(A.NOTIFY_PRINTER_URI) == FOLLOWME.text()
    assert group.text(A.NOTIFY_SUBSCRIBER_USER_NAME) == "alice"
    assert group.integer(A.NOTIFY_SEQUENCE_NUMBER) == 0
    assert (group.get(A.NOTIFY_EVENTS), group.get(A.NOTIFY_USER_DATA)) == (EVENTS, data)
    assert (group.text(A.NOTIFY_PULL_METHOD), group.integer(A.NOTIFY_TIME_INTERVAL)) == ("ippget", 5)
    assert (group.text(A.NOTIFY_CHARSET), group.text(A.NOTIFY_NATURAL_LANGUAGE)) == ("utf-8", "en")
    assert group.integer(A.NOTIFY_LEASE_DURATION) == 86_400
    assert (group.integer(A.NOTIFY_LEASE_EXPIRATION_TIME) or 0) > 86_400
    assert (group.integer(A.NOTIFY_PRINTER_UP_TIME) or 0) > 0
    assert A.NOTIFY_JOB_ID not in group


async def test_a_lease_without_end_expires_at_no_time(gate: Gate) -> None:
    made = await subscribed(gate, attribute(A.NOTIFY_LEASE_DURATION, 0))
    [group] = groups(await gate.operate(Operation.GET_SUBSCRIPTION_ATTRIBUTES, of(made)))
    assert (group.integer(A.NOTIFY_LEASE_DURATION), group.integer(A.NOTIFY_LEASE_EXPIRATION_TIME)) == (0, 0)


async def test_a_job_s_subscription_tells_its_job_and_no_lease(gate: Gate) -> None:
    await gate.operate(Operation.PRINT_JOB, subscriptions=[[IPPGET]], document=b"a page")
    [group] = groups(await gate.operate(Operation.GET_SUBSCRIPTION_ATTRIBUTES, of(1)))
    assert group.integer(A.NOTIFY_JOB_ID) == 1
    absent = (A.NOTIFY_LEASE_DURATION, A.NOTIFY_LEASE_EXPIRATION_TIME, A.NOTIFY_PRINTER_UP_TIME)
    assert [name for name in absent if name in group] == []


@pytest.mark.parametrize(
    ("asked", "some", "others"),
    [
        ("subscription-template", A.NOTIFY_EVENTS, A.NOTIFY_SEQUENCE_NUMBER),
        ("subscription-description", A.NOTIFY_SEQUENCE_NUMBER, A.NOTIFY_EVENTS),
        (A.NOTIFY_CHARSET, A.NOTIFY_CHARSET, A.NOTIFY_SUBSCRIPTION_ID),
    ],
)
async def test_attributes_are_told_by_group_and_by_name(gate: Gate, asked: str, some: str, others: str) -> None:
    wanted = attribute(A.REQUESTED_ATTRIBUTES, asked)
    [group] = groups(await gate.operate(Operation.GET_SUBSCRIPTION_ATTRIBUTES, of(await subscribed(gate)), wanted))
    assert (some in group, others in group) == (True, False)


async def test_subscriptions_of_others_show_nothing(gate: Gate) -> None:
    mine, theirs = await subscribed(gate), await subscribed(gate, user=BOB)
    answer = await gate.operate(Operation.GET_SUBSCRIPTIONS)
    assert (status_of(answer), told(answer)) == (Status.SUCCESSFUL_OK, [(mine, None)])
    assert len(groups(answer)[0].attributes) == 1
    for code in (Operation.GET_SUBSCRIPTION_ATTRIBUTES, Operation.RENEW_SUBSCRIPTION, Operation.CANCEL_SUBSCRIPTION):
        answer = await gate.operate(code, of(theirs))
        assert status_of(answer) is Status.CLIENT_ERROR_NOT_AUTHORIZED
        assert sentence_of(answer) == f"subscription {theirs} belongs to somebody else"
        assert groups(answer) == []
    assert theirs in gate.kept.every


async def test_subscriptions_are_those_of_printers_or_those_of_one_job(gate: Gate) -> None:
    of_printer = await subscribed(gate)
    await gate.operate(Operation.PRINT_JOB, subscriptions=[[IPPGET]], document=b"a page")
    assert told(await gate.operate(Operation.GET_SUBSCRIPTIONS)) == [(of_printer, None)]
    named = await gate.operate(Operation.GET_SUBSCRIPTIONS, attribute(A.NOTIFY_JOB_ID, 1))
    assert told(named) == [(2, None)]
    elsewhere = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/other")
    assert told(await gate.operate(Operation.GET_SUBSCRIPTIONS, target=elsewhere)) == []
    whole = attribute(A.PRINTER_URI, f"{HERE}/")
    assert told(await gate.operate(Operation.GET_SUBSCRIPTIONS, target=whole)) == [(of_printer, None)]


async def test_no_more_subscriptions_are_told_than_the_limit(gate: Gate) -> None:
    for _ in range(3):
        await subscribed(gate)
    mine = attribute(A.MY_SUBSCRIPTIONS, True)
    answer = await gate.operate(Operation.GET_SUBSCRIPTIONS, attribute(A.LIMIT, 2), mine)
    assert told(answer) == [(1, None), (2, None)]
    zero = attribute(A.LIMIT, 0, tag=Tag.INTEGER)
    answer = await gate.operate(Operation.GET_SUBSCRIPTIONS, zero)
    assert (status_of(answer), sentence_of(answer)) == (
        Status.CLIENT_ERROR_BAD_REQUEST,
        "limit 0 is not greater than 0",
    )
    answer = await gate.operate(Operation.GET_SUBSCRIPTIONS, mine, user=None)
    assert status_of(answer) is Status.CLIENT_ERROR_BAD_REQUEST
    assert "my-subscriptions needs requesting-user-name" in sentence_of(answer)


# ── renewed, cancelled ──


@pytest.mark.parametrize(
    ("asked", "given", "status"),
    [
        (None, 86_400, Status.SUCCESSFUL_OK),
        (3600, 3600, Status.SUCCESSFUL_OK),
        (0, 0, Status.SUCCESSFUL_OK),
        (10_000_000, 604_800, Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES),
    ],
)
@pytest.mark.parametrize("in_a_group", [True, False])
async def test_a_lease_is_renewed(gate: Gate, asked: int | None, given: int, status: Status, in_a_group: bool) -> None:
    made = await subscribed(gate)
    lease = [] if asked is None else [attribute(A.NOTIFY_LEASE_DURATION, asked)]
    group = [lease] if lease and in_a_group else []
    answer = await gate.operate(
        Operation.RENEW_SUBSCRIPTION, of(made), *([] if in_a_group else lease), subscriptions=group
    )
    assert status_of(answer) is status, sentence_of(answer)
    assert [each.integer(A.NOTIFY_LEASE_DURATION) for each in groups(answer)] == [given]
    assert gate.kept.every[made].lease == given
    if asked != given and asked is not None:
        assert unsupported_of(answer).get(A.NOTIFY_LEASE_DURATION) == lease[0]


async def test_a_job_s_subscription_cannot_be_renewed(gate: Gate) -> None:
    await gate.operate(Operation.PRINT_JOB, subscriptions=[[IPPGET]], document=b"a page")
    answer = await gate.operate(Operation.RENEW_SUBSCRIPTION, of(1))
    assert status_of(answer) is Status.CLIENT_ERROR_NOT_POSSIBLE
    assert sentence_of(answer) == "subscription 1 lasts as long as job 1: it has no lease"


async def test_what_is_cancelled_is_gone(gate: Gate) -> None:
    made = await subscribed(gate)
    assert status_of(await gate.operate(Operation.CANCEL_SUBSCRIPTION, of(made))) is Status.SUCCESSFUL_OK
    for code in (Operation.CANCEL_SUBSCRIPTION, Operation.RENEW_SUBSCRIPTION, Operation.GET_SUBSCRIPTION_ATTRIBUTES):
        answer = await gate.operate(code, of(made))
        assert (status_of(answer), sentence_of(answer)) == (
            Status.CLIENT_ERROR_NOT_FOUND,
            f"there is no subscription {made}",
        )


@pytest.mark.parametrize(
    "code", [Operation.CANCEL_SUBSCRIPTION, Operation.RENEW_SUBSCRIPTION, Operation.GET_SUBSCRIPTION_ATTRIBUTES]
)
async def test_a_subscription_must_be_named(gate: Gate, code: Operation) -> None:
    answer = await gate.operate(code)
    assert status_of(answer) is Status.CLIENT_ERROR_BAD_REQUEST
    assert sentence_of(answer) == "notify-subscription-id is missing: which subscription is meant?"
    answer = await gate.operate(code, attribute(A.NOTIFY_SUBSCRIPTION_ID, 0, tag=Tag.INTEGER))
    assert status_of(answer) is Status.CLIENT_ERROR_NOT_FOUND
    answer = await gate.operate(code, of(1), target=attribute(A.PRINTER_URI, f"{HERE}/ipp/print/nowhere"))
    assert (status_of(answer), sentence_of(answer)) == (Status.CLIENT_ERROR_NOT_FOUND, "there is no queue nowhere")


# ── what the printer says of it ──


async def test_the_printer_tells_what_can_be_asked_of_subscriptions(gate: Gate) -> None:
    wanted = attribute(A.REQUESTED_ATTRIBUTES, "subscription-template", A.IPPGET_EVENT_LIFE)
    answer = await gate.operate(Operation.GET_PRINTER_ATTRIBUTES, wanted)
    printer = answer.group(Tag.PRINTER)
    assert printer is not None
    assert printer.texts(A.NOTIFY_PULL_METHOD_SUPPORTED) == ["ippget"]
    assert printer.texts(A.NOTIFY_EVENTS_SUPPORTED) == [str(event) for event in Subscribed]
    assert printer.texts(A.NOTIFY_EVENTS_DEFAULT) == ["job-completed"]
    assert printer.integer(A.NOTIFY_MAX_EVENTS_SUPPORTED) == len(Subscribed)
    assert printer.integer(A.NOTIFY_LEASE_DURATION_DEFAULT) == 86_400
    assert printer.integer(A.IPPGET_EVENT_LIFE) == 60
    assert A.NOTIFY_SCHEMES_SUPPORTED not in printer
    assert A.PRINTER_NAME not in printer

"""Set-Printer-Attributes and Get-Printer-Supported-Values (RFC 3380): all that is asked, or nothing."""

import ssl
from collections.abc import AsyncIterator, Callable

import pytest

from ippgate.doors.settings import DoorSettings
from ippgate.doors.tls import TlsKeeper, TlsSettings
from ippgate.ipp import (
    ADMIN_DEFINE,
    DELETE_ATTRIBUTE,
    NOT_SETTABLE,
    UNKNOWN,
    UNSUPPORTED,
    Attribute,
    Group,
    Message,
    Operation,
    Status,
    Tag,
    Value,
    encode,
)
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.errors import Unavailable
from ippgate.model.queue import Description
from tests.unit.doors.client import CHARSET, LANGUAGE, post, sentence_of, status_of, unsupported_of
from tests.unit.doors.gate import ALICE, FOLLOWME, HERE, Gate
from tests.unit.doors.test_door_operators import OLGA, secure

SET, GET, VALUES = (
    Operation.SET_PRINTER_ATTRIBUTES,
    Operation.GET_PRINTER_ATTRIBUTES,
    Operation.GET_PRINTER_SUPPORTED_VALUES,
)
OK, BAD = Status.SUCCESSFUL_OK, Status.CLIENT_ERROR_BAD_REQUEST
NOT_SET = Status.CLIENT_ERROR_ATTRIBUTES_NOT_SETTABLE
NOT_SUPPORTED = Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
TOO_LONG = Status.CLIENT_ERROR_REQUEST_VALUE_TOO_LONG
SIDES = attribute(A.SIDES_DEFAULT, "two-sided-long-edge")


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> TlsKeeper:
    keeper = TlsKeeper(TlsSettings(tmp_path_factory.mktemp("tls")))
    keeper.open()
    return keeper


@pytest.fixture
async def gate(keeper: TlsKeeper) -> AsyncIterator[Gate]:
    context: Callable[[], ssl.SSLContext] = lambda: keeper.context  # noqa: E731  (the server asks for it anew each time)
    async with Gate(DoorSettings(port=0, tls_port=0), tls=context) as gate:
        yield gate


async def set_to(
    gate: Gate, *wishes: Attribute, target: Attribute = FOLLOWME, more: tuple[Attribute, ...] = ()
) -> Message:
    """Olga's Set-Printer-Attributes."""
    groups = [Group(Tag.OPERATION, [CHARSET, LANGUAGE, target, ALICE, *more])]
    if wishes:
        groups.append(Group(Tag.PRINTER, list(wishes)))
    return (await secure(gate, encode(Message((2, 1), SET, 7, groups)), OLGA)).ipp


async def told(gate: Gate) -> Group:
    printer = (await gate.operate(GET)).group(Tag.PRINTER)
    assert printer is not None
    return printer


def point(name: str, uri: str) -> Attribute:
    return attribute(name, uri, tag=Tag.URI)


# ── what is said of a queue ──


async def test_what_an_operator_says_is_told_to_everybody(gate: Gate) -> None:
    contact = attribute(A.PRINTER_CONTACT_COL, {A.CONTACT_NAME: "Olga", A.CONTACT_URI: "mailto:olga@example.org"})
    wishes = (
        attribute(A.PRINTER_INFO, "Third floor"),
        attribute(A.PRINTER_LOCATION, "Room 312"),
        attribute(A.PRINTER_GEO_LOCATION, "geo:52.52,13.405,34;u=10"),
        attribute(A.PRINTER_ORGANIZATION, "Example"),
        attribute(A.PRINTER_ORGANIZATIONAL_UNIT, "Physics"),
        attribute(A.PRINTER_MESSAGE_FROM_OPERATOR, "Toner comes on Monday"),
        contact,
    )
    assert status_of(await set_to(gate, *wishes)) == OK
    printer = await told(gate)
    for wish in wishes:
        assert printer.get(wish.name) == wish
    assert printer.get(A.PRINTER_SERVICE_CONTACT_COL) == Attribute(A.PRINTER_SERVICE_CONTACT_COL, contact.values)
    ((name, _, by),) = gate.memory.described
    assert (name, by) == ("followme", "olga")


async def test_what_is_not_named_stays(gate: Gate) -> None:
    assert status_of(await set_to(gate, attribute(A.PRINTER_LOCATION, "Room 312"))) == OK
    printer = await told(gate)
    assert (printer.text(A.PRINTER_INFO), printer.text(A.PRINTER_LOCATION)) == ("Follow me", "Room 312")


@pytest.mark.parametrize("nothing", [DELETE_ATTRIBUTE, UNKNOWN])
async def test_what_was_said_can_be_taken_back(gate: Gate, nothing: Value) -> None:
    await set_to(gate, point(A.PRINTER_GEO_LOCATION, "geo:1,2"))
    await set_to(gate, attribute(A.PRINTER_CONTACT_COL, {A.CONTACT_NAME: "Olga"}))
    taken = [Attribute(name, (nothing,)) for name in (A.PRINTER_GEO_LOCATION, A.PRINTER_CONTACT_COL)]
    assert status_of(await set_to(gate, *taken)) == OK
    printer = await told(gate)
    assert printer.get(A.PRINTER_GEO_LOCATION) == Attribute(A.PRINTER_GEO_LOCATION, (UNKNOWN,))
    assert printer.get(A.PRINTER_CONTACT_COL) == Attribute(A.PRINTER_CONTACT_COL, (UNKNOWN,))
    assert printer.get(A.PRINTER_SERVICE_CONTACT_COL) == Attribute(A.PRINTER_SERVICE_CONTACT_COL, (UNKNOWN,))


async def test_text_is_kept_in_one_line_without_signs_that_nobody_sees(gate: Gate) -> None:
    assert status_of(await set_to(gate, attribute(A.PRINTER_INFO, "Third\r\n floor\u202e"))) == OK
    assert (await told(gate)).text(A.PRINTER_INFO) == "Third floor"


async def test_the_format_of_a_document_makes_no_difference(gate: Gate) -> None:
    format_of = attribute(A.DOCUMENT_FORMAT, "video/mp4")
    assert status_of(await set_to(gate, attribute(A.PRINTER_INFO, "New"), more=(format_of,))) == OK
    assert status_of(await gate.operate(VALUES, format_of)) == OK


# ── defaults ──


async def test_a_default_is_told_and_put_into_jobs_that_do_not_say(gate: Gate) -> None:
    wishes = (SIDES, attribute(A.COPIES_DEFAULT, 2), attribute(A.MEDIA_DEFAULT, "na_letter_8.5x11in"))
    assert status_of(await set_to(gate, *wishes, attribute(A.JOB_PRIORITY_DEFAULT, 70))) == OK
    printer = await told(gate)
    for wish in wishes:
        assert printer.get(wish.name) == wish
    default = printer.get(A.MEDIA_COL_DEFAULT)
    assert default is not None
    assert (default.first.member(A.MEDIA_SIZE_NAME) or default).text() == "na_letter_8.5x11in"
    silent = gate.memory.jobs[await gate.print()]
    said = {each.name: each.first.text or each.first.python for each in silent.template}
    assert said == {A.SIDES: "two-sided-long-edge", A.COPIES: 2, A.MEDIA: "na_letter_8.5x11in"}
    assert silent.priority == 70


async def test_a_job_that_says_itself_is_printed_as_it_says(gate: Gate) -> None:
    await set_to(gate, SIDES, attribute(A.MEDIA_DEFAULT, "na_letter_8.5x11in"))
    a4 = attribute(A.MEDIA_COL, {A.MEDIA_SIZE_NAME: "iso_a4_210x297mm"})
    await gate.operate(Operation.PRINT_JOB, job=(attribute(A.SIDES, "one-sided"), a4), document=b"%PDF")
    assert gate.memory.jobs[1].template == (attribute(A.SIDES, "one-sided"), a4)


async def test_a_default_replaces_what_was_asked_for_and_is_not_possible(gate: Gate) -> None:
    await set_to(gate, SIDES)
    wish = attribute(A.SIDES, "inside-out")
    answer = await gate.operate(Operation.PRINT_JOB, job=(wish,), document=b"%PDF")
    assert status_of(answer) == Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
    assert gate.memory.jobs[1].template == (attribute(A.SIDES, "two-sided-long-edge"),)


async def test_a_default_is_taken_back(gate: Gate) -> None:
    await set_to(gate, SIDES, attribute(A.COPIES_DEFAULT, 2))
    assert status_of(await set_to(gate, Attribute(A.SIDES_DEFAULT, (DELETE_ATTRIBUTE,)))) == OK
    assert gate.memory.all_queues[0].defaults == (attribute(A.COPIES, 2),)
    assert (await told(gate)).text(A.SIDES_DEFAULT) == "one-sided"


async def test_a_keyword_may_come_as_a_name(gate: Gate) -> None:
    assert status_of(await set_to(gate, Attribute(A.SIDES_DEFAULT, (Value(Tag.NAME, b"two-sided-long-edge"),)))) == OK
    assert (await told(gate)).get(A.SIDES_DEFAULT) == SIDES


# ── all or nothing ──

ELSEWHERE = attribute(A.PRINTER_LOCATION, "Elsewhere")
GOOD, TWO = attribute(A.PRINTER_INFO, "Good"), attribute(A.COPIES, 2)


@pytest.mark.parametrize(
    ("wish", "status", "offending"),
    [
        (attribute(A.PRINTER_NAME, "other"), NOT_SET, NOT_SETTABLE),
        (attribute(A.PRINTER_STATE, 5), NOT_SET, NOT_SETTABLE),
        (attribute(A.OPERATIONS_SUPPORTED, 2), NOT_SET, NOT_SETTABLE),
        (attribute(A.SIDES_SUPPORTED, "one-sided"), NOT_SET, NOT_SETTABLE),
        (attribute(A.MEDIA_READY, "iso_a4_210x297mm"), NOT_SET, NOT_SETTABLE),
        (attribute(A.MEDIA_COL_DEFAULT, {A.MEDIA_TYPE: "labels"}), NOT_SET, NOT_SETTABLE),
        (attribute(A.JOB_HOLD_UNTIL_DEFAULT, "indefinite"), NOT_SET, NOT_SETTABLE),
        (attribute("x-vendor", "red", tag=Tag.KEYWORD), NOT_SUPPORTED, UNSUPPORTED),
        (TWO, NOT_SUPPORTED, UNSUPPORTED),
        (attribute(A.SIDES_DEFAULT, "inside-out", tag=Tag.KEYWORD), NOT_SUPPORTED, None),
        (attribute(A.COPIES_DEFAULT, 100_000), NOT_SUPPORTED, None),
        (Attribute(A.COPIES_DEFAULT, (Value(Tag.KEYWORD, b"two"),)), NOT_SUPPORTED, None),
        (
            Attribute(A.COPIES_DEFAULT, attribute(A.COPIES, 1).values + attribute(A.COPIES, 2).values),
            NOT_SUPPORTED,
            None,
        ),
        (Attribute(A.SIDES_DEFAULT, (Value(Tag.NO_VALUE, b""),)), NOT_SUPPORTED, None),
        (attribute(A.MEDIA_DEFAULT, "iso_a0_841x1189mm"), NOT_SUPPORTED, None),
        (Attribute(A.PRINTER_INFO, (Value(Tag.INTEGER, bytes(4)),)), NOT_SUPPORTED, None),
        (Attribute(A.PRINTER_INFO, (UNKNOWN,)), NOT_SUPPORTED, None),
        (Attribute(A.PRINTER_ORGANIZATION, (Value(Tag.TEXT, b"a"), Value(Tag.TEXT, b"b"))), NOT_SUPPORTED, None),
        (point(A.PRINTER_GEO_LOCATION, "https://example.org/"), NOT_SUPPORTED, None),
        (point(A.PRINTER_GEO_LOCATION, "geo:north"), NOT_SUPPORTED, None),
        (point(A.PRINTER_GEO_LOCATION, "geo:1,2\n"), NOT_SUPPORTED, None),
        (attribute(A.PRINTER_GEO_LOCATION, "geo:1,2", tag=Tag.TEXT), NOT_SUPPORTED, None),
        (attribute(A.PRINTER_INFO, "x" * 128, tag=Tag.TEXT), TOO_LONG, None),
        (attribute(A.PRINTER_LOCATION, "\u00fc" * 64, tag=Tag.TEXT), TOO_LONG, None),
    ],
    ids=lambda one: one.name if isinstance(one, Attribute) else None,
)
async def test_what_cannot_be_set_is_named_and_nothing_is_set(
    gate: Gate, wish: Attribute, status: Status, offending: Value | None
) -> None:
    answer = await set_to(gate, GOOD if wish.name != GOOD.name else ELSEWHERE, wish)
    assert status_of(answer) == status
    assert list(unsupported_of(answer)) == [wish if offending is None else Attribute(wish.name, (offending,))]
    assert wish.name in sentence_of(answer)
    assert gate.memory.described == []
    assert (await told(gate)).text(A.PRINTER_INFO) == "Follow me"


@pytest.mark.parametrize(
    "member",
    [
        point(A.CONTACT_URI, "javascript:alert(1)"),
        point(A.CONTACT_URI, "mailto:a b"),
        attribute("contact-vcard", "BEGIN:VCARD", tag=Tag.TEXT),
        attribute("x-room", 12),
    ],
    ids=lambda one: one.first.text or one.name,
)
async def test_of_a_contact_only_what_is_not_possible_is_named(gate: Gate, member: Attribute) -> None:
    members = (attribute(A.CONTACT_NAME, "Olga", tag=Tag.NAME), member)
    answer = await set_to(gate, Attribute(A.PRINTER_CONTACT_COL, (Value(Tag.BEG_COLLECTION, members),)))
    assert status_of(answer) == NOT_SUPPORTED
    bad = Attribute(A.PRINTER_CONTACT_COL, (Value(Tag.BEG_COLLECTION, (member,)),))
    assert list(unsupported_of(answer)) == [bad]
    assert gate.memory.described == []


async def test_a_contact_of_nothing_is_none(gate: Gate) -> None:
    for empty in (Value(Tag.BEG_COLLECTION, ()), Value(Tag.NAME, b"Olga")):
        wish = Attribute(A.PRINTER_CONTACT_COL, (empty,))
        assert status_of(await set_to(gate, wish)) == NOT_SUPPORTED


async def test_a_request_that_sets_nothing_is_bad(gate: Gate) -> None:
    answer = await set_to(gate)
    assert status_of(answer) == BAD
    assert sentence_of(answer) == "there is nothing to set: send printer attributes"


async def test_the_gate_as_a_whole_and_a_queue_that_is_not_there_are_not_found(gate: Gate) -> None:
    for path in ("/", "/ipp/print", "/ipp/print/absent", "/ipp/system"):
        answer = await set_to(gate, GOOD, target=attribute(A.PRINTER_URI, f"{HERE}{path}"))
        assert status_of(answer) == Status.CLIENT_ERROR_NOT_FOUND


async def test_whoever_comes_second_is_told_so(gate: Gate) -> None:
    async def busy(*_: object) -> None:
        raise Unavailable("followme is being changed by somebody else at this moment: look at it and try again")

    gate.memory.describe_queue = busy  # type: ignore[method-assign,assignment]  # somebody else is quicker
    assert status_of(await set_to(gate, SIDES)) == Status.SERVER_ERROR_TEMPORARY_ERROR


# ── what may be set ──


async def test_what_may_be_set_is_what_is_said_to_be_settable(gate: Gate) -> None:
    answer = await gate.operate(VALUES)
    values = answer.group(Tag.PRINTER)
    assert status_of(answer) == OK
    assert values is not None
    settable = (await told(gate)).texts(A.PRINTER_SETTABLE_ATTRIBUTES_SUPPORTED)
    assert [each.name for each in values] == settable
    assert values.get(A.PRINTER_INFO) == Attribute(A.PRINTER_INFO, (ADMIN_DEFINE,))
    assert values.texts(A.SIDES_DEFAULT) == ["one-sided", "two-sided-long-edge", "two-sided-short-edge"]
    copies = values.get(A.COPIES_DEFAULT)
    assert copies is not None
    assert (copies.first.tag, copies.first.python) == (Tag.RANGE, (1, 999))
    for each in values:
        for value in each.values:
            if value.tag not in (Tag.RANGE, Tag.ADMIN_DEFINE):
                assert status_of(await set_to(gate, Attribute(each.name, (value,)))) == OK, each.name


async def test_only_what_is_asked_for_is_told(gate: Gate) -> None:
    asked = attribute(A.REQUESTED_ATTRIBUTES, A.PRINTER_INFO, A.PRINTER_NAME, "x-vendor")
    values = (await gate.operate(VALUES, asked)).group(Tag.PRINTER)
    assert values is not None
    assert [each.name for each in values] == [A.PRINTER_INFO]


# ── for whoever asks ──


async def test_people_are_told_what_people_may_ask_for_and_operators_all(gate: Gate) -> None:
    body = encode(
        Message((2, 1), Operation.GET_USER_PRINTER_ATTRIBUTES, 7, [Group(Tag.OPERATION, [CHARSET, LANGUAGE, FOLLOWME])])
    )
    seen = []
    for headers in ((), (OLGA,)):
        reply = await secure(gate, body, *headers)
        printer = reply.ipp.group(Tag.PRINTER)
        assert printer is not None
        operations = printer.get(A.OPERATIONS_SUPPORTED)
        assert operations is not None
        seen.append((set(operations.integers()), printer.texts(A.PRINTER_SETTABLE_ATTRIBUTES_SUPPORTED)))
    (people, nothing), (operators, settable) = seen
    assert operators - people >= {Operation.PAUSE_PRINTER, Operation.SET_PRINTER_ATTRIBUTES, Operation.CANCEL_JOBS}
    assert people < operators
    assert (nothing, A.PRINTER_INFO in settable) == (["none"], True)
    assert (await gate.ask(post(body))).status == 200


def test_a_description_that_says_nothing_changes_nothing() -> None:
    assert all(getattr(Description(), name) is None for name in Description.__slots__)

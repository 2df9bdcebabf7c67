"""Each device is a printer of the gate: who may ask what there, what is told, and what nobody else learns."""

import base64
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from ippgate.doors.ipp import door as door_module
from ippgate.doors.ipp.job import KEEP
from ippgate.doors.ipp.login import OPEN
from ippgate.doors.ipp.place import NAMES_NOBODY
from ippgate.doors.ipp.table import AT_DEVICE, HANDLERS
from ippgate.doors.settings import DoorSettings
from ippgate.doors.tls import TlsKeeper, TlsSettings
from ippgate.ipp import Attribute, Group, JobState, Message, Operation, Status, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.errors import Busy, Unavailable
from ippgate.model.queue import QueueMode
from ippgate.observe import Event
from tests.rig.certificate import Certificate, certificate
from tests.unit.doors.client import Reply, message_of, post, sentence_of, status_of, unsupported_of
from tests.unit.doors.gate import ALICE, BOB, HERE, Gate
from tests.unit.doors.secure import SecureClient, trusting

KYOCERA = attribute(A.PRINTER_URI, f"{HERE}/ipp/device/kyocera")
REFUSED = (
    Status.CLIENT_ERROR_NOT_AUTHENTICATED,
    Status.CLIENT_ERROR_NOT_AUTHORIZED,
    Status.CLIENT_ERROR_FORBIDDEN,
)


def basic(name: str, password: str) -> str:
    return f"Authorization: Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"


OLGA = basic("olga", "correct horse")


class House(Gate):
    """Devices kyocera and ricoh; a station at each, and one at kyocera that names nobody."""

    def __init__(self, keeper: TlsKeeper) -> None:
        super().__init__(DoorSettings(port=0, tls_port=0), tls=lambda: keeper.context)
        self.kyocera, self.ricoh = self.memory.add_device("kyocera"), self.memory.add_device("ricoh")
        self.app = self.stations.add("app", self.kyocera.id)
        self.elsewhere = self.stations.add("elsewhere", self.ricoh.id)
        self.mute = self.stations.add("mute", self.kyocera.id, names_people=False)
        self.memory.patient = True

    async def secure(self, body: bytes, *headers: str, context: ssl.SSLContext | None = None) -> Reply:
        assert self.server.tls_port is not None
        async with SecureClient(self.server.tls_port, context or trusting()) as client:
            return await client.ask(post(body, headers=headers, path="/ipp/device/kyocera"))

    async def at(
        self,
        code: int,
        *operation: Attribute,
        user: Attribute | None = ALICE,
        job: tuple[Attribute, ...] = (),
        document: bytes = b"",
        target: Attribute = KYOCERA,
        login: str = "",
    ) -> Message:
        """An operation at kyocera by the app there, which names `user`."""
        given = [each for each in (target, user) if each is not None]
        body = message_of(code, *given, *operation, job=job) + document
        return (await self.secure(body, login or basic("app", self.app))).ipp

    async def listed(self, *operation: Attribute, user: Attribute = ALICE, login: str = "") -> list[int | None]:
        answer = await self.at(Operation.GET_JOBS, *operation, user=user, login=login)
        assert status_of(answer) == Status.SUCCESSFUL_OK, sentence_of(answer)
        return [group.integer(A.JOB_ID) for group in answer.groups_of(Tag.JOB)]


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> TlsKeeper:
    keeper = TlsKeeper(TlsSettings(tmp_path_factory.mktemp("tls")))
    keeper.open()
    return keeper


@pytest.fixture
async def house(keeper: TlsKeeper) -> AsyncIterator[House]:
    async with House(keeper) as house:
        yield house


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Event, dict[str, object]]]:
    said: list[tuple[Event, dict[str, object]]] = []
    monkeypatch.setattr(door_module, "note", lambda event, **facts: said.append((event, facts)))
    return said


def asking(code: int, user: Attribute = ALICE) -> bytes:
    return message_of(code, KYOCERA, user, attribute(A.JOB_ID, 1))


# ── who may ask for what ──


@pytest.mark.parametrize("code", sorted({*HANDLERS, *AT_DEVICE}))
async def test_operation_by_role(house: House, code: int) -> None:
    """The whole matrix: every operation of the gate, asked at a device by everybody there is."""
    roles = {
        "wrong secret": basic("app", house.app[:-2] + "AA"),
        "somebody else's secret": basic("app", house.mute),
        "unknown station": basic("nobody", house.app.replace("app", "nobody")),
        "wrong token": f"Authorization: Bearer {house.app[:-2]}AA",
        "elsewhere": basic("elsewhere", house.elsewhere),
        "mute": basic("mute", house.mute),
        "app": basic("app", house.app),
        "token": f"Authorization: Bearer {house.app}",
        "operator": OLGA,
        "wrong operator": basic("olga", "wrong horse"),
    }
    seen = {role: await house.secure(asking(code), header) for role, header in roles.items()}
    seen["nobody"] = await house.secure(asking(code))
    plain = (await house.ask(post(asking(code), path="/ipp/device/kyocera"))).ipp
    if code not in AT_DEVICE:
        assert {status_of(reply.ipp) for reply in seen.values()} == {Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED}
        return
    if code in OPEN:
        assert {reply.status for reply in seen.values()} == {200}
        assert all(status_of(reply.ipp) == Status.SUCCESSFUL_OK for reply in seen.values())
        assert status_of(plain) == Status.SUCCESSFUL_OK
        return
    assert status_of(plain) == Status.CLIENT_ERROR_NOT_AUTHENTICATED
    for role in (
        "nobody",
        "wrong secret",
        "somebody else's secret",
        "unknown station",
        "wrong token",
        "wrong operator",
    ):
        assert seen[role].status == 401, role
        assert seen[role].headers["www-authenticate"].startswith("Basic ")
    assert status_of(seen["elsewhere"].ipp) == Status.CLIENT_ERROR_NOT_AUTHORIZED
    mute = status_of(seen["mute"].ipp)
    assert (mute in REFUSED) == (code not in NAMES_NOBODY)
    for role in ("app", "token", "operator"):
        assert status_of(seen[role].ipp) not in REFUSED, role


@pytest.mark.parametrize("header", [OLGA, "Authorization: Bearer station~app~x", "Authorization:"])
async def test_credentials_over_plain_ipp_are_refused_and_not_looked_at(house: House, header: str) -> None:
    reply = await house.ask(post(asking(Operation.GET_JOBS), headers=[header]))
    assert status_of(reply.ipp) == Status.CLIENT_ERROR_FORBIDDEN
    assert (house.roster.tried, house.stations.tried) == ([], [])


async def test_who_proves_nothing_is_told_how_to(house: House) -> None:
    reply = await house.secure(asking(Operation.GET_JOBS))
    assert reply.text.startswith("At kyocera the gate answers stations, people and operators: log in with the name")
    plain = (await house.ask(post(asking(Operation.GET_JOBS)))).ipp
    assert f"use ipps://gate:{house.server.tls_port}/ipp/device/kyocera" in sentence_of(plain)


@pytest.mark.parametrize(
    "headers",
    [
        ("Authorization: Bearer",),
        ("Authorization: Bearer ",),
        ("Authorization: Bearer nothing",),
        ("Authorization: Bearer station~app~",),
        ("Authorization: Bearer session~app~" + "A" * 43,),
        ("Authorization: Bearer {app} {app}",),
        ("Authorization: Bearer {app}, Bearer {app}",),
        ("Authorization: Bearer {app}", "Authorization: Bearer {app}"),
        ("Authorization: Bearer {app}", OLGA),
        ("Authorization: Bearer x{app}",),
        ("Authorization: Bearer {app}=",),
        ("Authorization: Token {app}",),
        ("Authorization: {app}",),
    ],
    ids=str,
)
async def test_what_is_not_one_sound_header_proves_nothing(house: House, headers: tuple[str, ...]) -> None:
    given = [header.format(app=house.app) for header in headers]
    assert (await house.secure(asking(Operation.GET_JOBS), *given)).status == 401


async def test_a_station_counts_at_its_devices_alone(house: House) -> None:
    """At queues it is no operator, and its secret is no password there."""
    queue = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/followme")
    for header in (basic("app", house.app), f"Authorization: Bearer {house.app}"):
        for code in (Operation.GET_JOBS, Operation.PAUSE_PRINTER):
            assert (await house.secure(message_of(code, queue, ALICE), header)).status == 401
    assert house.stations.tried == []


async def test_a_station_that_names_nobody_is_asked_whom_it_means(house: House) -> None:
    answer = await house.at(Operation.GET_JOBS, user=None)
    assert status_of(answer) == Status.CLIENT_ERROR_BAD_REQUEST
    assert "says so with requesting-user-name" in sentence_of(answer)


async def test_who_guesses_is_slowed_and_a_database_that_is_away_lets_nobody_in(house: House) -> None:
    house.stations.failure = Busy("too many attempts have failed: try again in 8 seconds")
    assert status_of(await house.at(Operation.GET_JOBS)) == Status.SERVER_ERROR_BUSY
    house.stations.failure = Unavailable("the database is away")
    assert status_of(await house.at(Operation.GET_JOBS)) == Status.SERVER_ERROR_TEMPORARY_ERROR


async def test_whom_a_station_has_named_is_in_the_log(
    house: House, said: list[tuple[Event, dict[str, object]]]
) -> None:
    await house.at(Operation.GET_JOBS)
    [facts] = [facts for event, facts in said if event is Event.STATION_NAMED]
    told = {"station": "app", "user": "alice", "device": "kyocera", "operation": "get-jobs", "client": "127.0.0.1"}
    assert facts == told
    assert house.app not in str(said)


# ── by certificate ──


@pytest.fixture
def shown(tmp_path: Path) -> Callable[[str], Certificate]:
    def made(name: str) -> Certificate:
        place = tmp_path / name
        place.mkdir()
        return certificate(place, names=(name,))

    return made


async def test_a_station_is_known_by_the_certificate_that_it_shows(
    house: House, keeper: TlsKeeper, shown: Callable[[str], Certificate]
) -> None:
    known, removed = shown("known"), shown("removed")
    house.stations.add("panel", house.kyocera.id, fingerprint=bytes.fromhex(known.fingerprint))
    await keeper.trust([known.der, removed.der])
    body = message_of(Operation.GET_JOBS, KYOCERA, ALICE)
    try:
        context = trusting()
        context.load_cert_chain(known.certificate, known.key)
        assert status_of((await house.secure(body, context=context)).ipp) == Status.SUCCESSFUL_OK
        assert (await house.secure(body, basic("app", house.app[:-2] + "AA"), context=context)).status == 401
        stale = trusting()
        stale.load_cert_chain(removed.certificate, removed.key)
        assert (await house.secure(body, context=stale)).status == 401
        assert (await house.secure(body)).status == 401
    finally:
        await keeper.trust([])


# ── what is there ──


async def test_a_person_s_jobs_of_all_queues_are_listed_and_nobody_else_s(house: House) -> None:
    house.memory.add_queue("other")
    house.memory.add_queue("direct", QueueMode.PASSTHROUGH, device_id=house.ricoh.id)
    hers, his = await house.print(), await house.print(user=BOB)
    other = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/other")
    await house.operate(Operation.PRINT_JOB, target=other, document=b"%PDF")
    direct = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/direct")
    await house.operate(Operation.PRINT_JOB, target=direct, document=b"%PDF")  # on its way to ricoh
    assert await house.listed() == [hers, 3]
    assert await house.listed(user=BOB) == [his]
    assert await house.listed(user=attribute(A.REQUESTING_USER_NAME, "carol")) == []
    assert await house.listed(attribute(A.LIMIT, 1)) == [hers]
    assert await house.listed(attribute(A.MY_JOBS, True)) == [hers, 3]
    assert await house.listed(attribute(A.WHICH_JOBS, "completed")) == []
    assert await house.listed(login=OLGA) == [hers, his, 3]
    assert await house.listed(attribute(A.MY_JOBS, True), login=OLGA) == []


async def test_whom_a_station_names_is_who_that_is_at_queues_too(house: House) -> None:
    """SECURITY S18: directories and keyboards write a name in many ways."""
    hers = await house.print(user=attribute(A.REQUESTING_USER_NAME, "CORP\\alice"))
    for name in ("ALICE", "alice@corp.example", "CORP\\Alice"):
        assert await house.listed(user=attribute(A.REQUESTING_USER_NAME, name)) == [hers]
    assert await house.listed(user=attribute(A.REQUESTING_USER_NAME, "alic")) == []


async def test_a_job_is_told_with_its_title_and_an_address_at_the_device(house: House) -> None:
    job_id = await house.print(b"%PDF", attribute(A.JOB_NAME, "payslip"))
    answer = await house.at(Operation.GET_JOBS, attribute(A.REQUESTED_ATTRIBUTES, A.JOB_NAME, A.JOB_URI))
    [job] = answer.groups_of(Tag.JOB)
    uri = f"ipps://gate:8631/ipp/device/kyocera/{job_id}"
    assert (job.text(A.JOB_NAME), job.text(A.JOB_URI)) == ("payslip", uri)
    answer = await house.at(Operation.GET_JOB_ATTRIBUTES, target=attribute(A.JOB_URI, uri))
    [job] = answer.groups_of(Tag.JOB)
    assert job.text(A.JOB_PRINTER_URI) == "ipps://gate:8631/ipp/print/followme"


@pytest.mark.parametrize(
    "code",
    [
        Operation.GET_JOB_ATTRIBUTES,
        Operation.SET_JOB_ATTRIBUTES,
        Operation.HOLD_JOB,
        Operation.RELEASE_JOB,
        Operation.CANCEL_JOB,
        Operation.SEND_DOCUMENT,
        Operation.CLOSE_JOB,
    ],
)
async def test_somebody_else_s_job_is_as_if_it_were_not_there(house: House, code: int) -> None:
    """SECURITY S20: the same answer, word for word, as for a job that does not exist."""
    his = await house.print(user=BOB)
    before = dict(house.memory.jobs)
    more = (attribute(A.LAST_DOCUMENT, True),) if code == Operation.SEND_DOCUMENT else ()
    foreign, absent = [
        await house.at(code, attribute(A.JOB_ID, job_id), *more, job=(attribute(A.COPIES, 2),), document=b"%PDF")
        for job_id in (his, his + 1)
    ]
    assert status_of(foreign) == status_of(absent) == Status.CLIENT_ERROR_NOT_FOUND
    assert sentence_of(foreign).replace(str(his), "N") == sentence_of(absent).replace(str(his + 1), "N")
    assert house.memory.jobs == before


async def test_jobs_are_named_by_their_ids_as_if_others_were_not_there(house: House) -> None:
    hers, his = await house.print(), await house.print(user=BOB)
    assert await house.listed(attribute(A.JOB_IDS, hers)) == [hers]
    answer = await house.at(Operation.GET_JOBS, attribute(A.JOB_IDS, hers, his, 999))
    assert status_of(answer) == Status.CLIENT_ERROR_NOT_FOUND
    ids = unsupported_of(answer).get(A.JOB_IDS)
    assert ids is not None
    assert ids.integers() == [his, 999]


# ── what is done ──


async def test_a_job_is_released_to_the_device_at_which_that_is_asked(house: House) -> None:
    job_id = await house.print()
    answer = await house.at(Operation.RELEASE_JOB, attribute(A.JOB_ID, job_id), job=(attribute(A.COPIES, 3),))
    assert status_of(answer) == Status.SUCCESSFUL_OK
    job = house.memory.jobs[job_id]
    assert (job.state, job.device) == (JobState.PENDING, "kyocera")
    assert [change.name for change in house.memory.changes] == [A.COPIES]


async def test_whether_a_job_is_kept_is_one_boolean(house: House) -> None:
    job_id = await house.print()
    wrong = attribute(A.JOB_PRIORITY, 1).values[0]
    answer = await house.at(Operation.RELEASE_JOB, attribute(A.JOB_ID, job_id), Attribute(KEEP, (wrong,)))
    assert status_of(answer) == Status.CLIENT_ERROR_BAD_REQUEST
    assert house.memory.jobs[job_id].state is JobState.PENDING_HELD
    for octets, kept in ((b"\x00", False), (b"\x01", True)):
        job_id = await house.print()
        keep = Attribute(KEEP, (Value(Tag.BOOLEAN, octets),))
        assert (
            status_of(await house.at(Operation.RELEASE_JOB, attribute(A.JOB_ID, job_id), keep)) == Status.SUCCESSFUL_OK
        )
        assert house.memory.kept is kept


async def test_the_device_may_be_named_again_and_no_other_one(house: House) -> None:
    job_id = await house.print()
    there = attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{house.ricoh.uuid}")
    answer = await house.at(Operation.RELEASE_JOB, attribute(A.JOB_ID, job_id), there)
    assert status_of(answer) == Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
    assert unsupported_of(answer).attributes == [there]
    assert house.memory.jobs[job_id].state is JobState.PENDING_HELD
    here = attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{house.kyocera.uuid}")
    answer = await house.at(Operation.RELEASE_JOB, attribute(A.JOB_ID, job_id), here)
    assert status_of(answer) == Status.SUCCESSFUL_OK


async def test_a_job_is_deleted_and_held_there(house: House) -> None:
    first, second = await house.print(), await house.print()
    assert status_of(await house.at(Operation.CANCEL_JOB, attribute(A.JOB_ID, first))) == Status.SUCCESSFUL_OK
    await house.at(Operation.RELEASE_JOB, attribute(A.JOB_ID, second))
    assert status_of(await house.at(Operation.HOLD_JOB, attribute(A.JOB_ID, second))) == Status.SUCCESSFUL_OK
    states = [house.memory.jobs[job_id].state for job_id in (first, second)]
    assert states == [JobState.CANCELED, JobState.PENDING_HELD]


async def test_a_job_is_changed_for_what_the_device_can_do(house: House) -> None:
    job_id = await house.print()
    wishes = (attribute(A.COPIES, 2), attribute(A.JOB_NAME, "letter"), attribute(A.JOB_PRIORITY, 60))
    answer = await house.at(Operation.SET_JOB_ATTRIBUTES, attribute(A.JOB_ID, job_id), job=wishes)
    assert status_of(answer) == Status.SUCCESSFUL_OK, sentence_of(answer)
    assert house.memory.checked == [("kyocera", [A.COPIES])]
    job = house.memory.jobs[job_id]
    assert (job.template, job.name, job.priority) == ((attribute(A.COPIES, 2),), "letter", 60)


async def test_what_is_printed_there_belongs_to_the_device_s_own_queue_and_goes_there(house: House) -> None:
    answer = await house.at(Operation.PRINT_JOB, document=b"%PDF")
    assert status_of(answer) == Status.SUCCESSFUL_OK, sentence_of(answer)
    [job] = house.memory.jobs.values()
    assert (job.queue, job.owner, job.device, job.state) == ("device/kyocera", "alice", "kyocera", JobState.PENDING)
    answer = await house.at(Operation.CREATE_JOB)
    [made] = answer.groups_of(Tag.JOB)
    number = made.integer(A.JOB_ID)
    assert made.text(A.JOB_URI) == f"ipps://gate:8631/ipp/device/kyocera/{number}"
    named, last = attribute(A.JOB_ID, number or 0), attribute(A.LAST_DOCUMENT, True)
    assert status_of(await house.at(Operation.SEND_DOCUMENT, named, last, document=b"%PDF")) == Status.SUCCESSFUL_OK
    assert house.memory.jobs[2].queue == "device/kyocera"
    assert status_of(await house.at(Operation.VALIDATE_JOB)) == Status.SUCCESSFUL_OK


async def test_a_device_shows_itself_if_it_can(house: House) -> None:
    answer = await house.at(Operation.IDENTIFY_PRINTER, attribute(A.MESSAGE, "here\x1b I am"))
    assert status_of(answer) == Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
    assert "noted in the log" in sentence_of(answer)
    actions = attribute(A.IDENTIFY_ACTIONS, "flash", "x-explode")
    answer = await house.at(Operation.IDENTIFY_PRINTER, actions)
    assert unsupported_of(answer).attributes == [attribute(A.IDENTIFY_ACTIONS, "x-explode")]
    assert house.memory.identified == [("kyocera", [], "here I am"), ("kyocera", ["flash"], "")]


# ── which device ──


@pytest.mark.parametrize("path", ["absent", "kyocera/x", "kyocera//1", "../print/followme", "%6byocera", "kyocera?x=1"])
async def test_only_a_device_s_own_path_is_one(house: House, path: str) -> None:
    target = attribute(A.PRINTER_URI, f"{HERE}/ipp/device/{path}")
    answer = await house.at(Operation.GET_PRINTER_ATTRIBUTES, target=target)
    assert status_of(answer) == Status.CLIENT_ERROR_NOT_FOUND


async def test_a_job_s_address_is_no_printer(house: House) -> None:
    target = attribute(A.PRINTER_URI, f"{HERE}/ipp/device/kyocera/1")
    for code in (Operation.GET_PRINTER_ATTRIBUTES, Operation.PRINT_JOB, Operation.IDENTIFY_PRINTER):
        assert status_of(await house.at(code, target=target)) == Status.CLIENT_ERROR_NOT_FOUND


async def test_devices_are_not_among_the_printers_that_people_are_offered(house: House) -> None:
    answer = await house.operate(Operation.CUPS_GET_PRINTERS, target=attribute(A.PRINTER_URI, f"{HERE}/"))
    assert [group.text(A.PRINTER_NAME) for group in answer.groups_of(Tag.PRINTER)] == ["followme"]


def printer(answer: Message) -> Group:
    group = answer.group(Tag.PRINTER)
    assert group is not None, sentence_of(answer)
    return group


async def test_a_device_tells_of_itself_under_the_gate_s_names(house: House) -> None:
    answer = await house.operate(Operation.GET_PRINTER_ATTRIBUTES, target=KYOCERA)
    told = printer(answer)
    assert told.text(A.PRINTER_NAME) == "kyocera"
    assert told.text(A.PRINTER_UUID) == f"urn:uuid:{house.kyocera.uuid}"
    assert list(told.texts(A.PRINTER_URI_SUPPORTED)) == [f"ipps://gate:{house.server.tls_port}/ipp/device/kyocera"]
    assert list(told.texts(A.URI_SECURITY_SUPPORTED)) == ["tls"]
    assert list(told.texts(A.URI_AUTHENTICATION_SUPPORTED)) == ["basic"]
    operations = told.get(A.OPERATIONS_SUPPORTED)
    assert operations is not None
    assert operations.integers() == list(AT_DEVICE)


async def test_without_tls_a_device_tells_of_itself_and_does_no_more() -> None:
    async with Gate() as gate:
        gate.memory.add_device("kyocera")
        told = printer(await gate.operate(Operation.GET_PRINTER_ATTRIBUTES, target=KYOCERA))
        assert list(told.texts(A.URI_AUTHENTICATION_SUPPORTED)) == ["none"]
        answer = await gate.operate(Operation.GET_JOBS, target=KYOCERA)
        assert status_of(answer) == Status.CLIENT_ERROR_NOT_AUTHENTICATED
        assert "this gate has no TLS" in sentence_of(answer)

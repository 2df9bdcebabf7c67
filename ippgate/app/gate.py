"""The services of a gate on its database: what the server runs on and what operators' commands use, server or none."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from ippgate.app.documents import convert_settings, examine_settings, patient_settings
from ippgate.app.people import allowance_of, owner_rules, session_settings
from ippgate.config import Settings
from ippgate.config.zone import zone_of
from ippgate.convert.converter import Converter
from ippgate.delivery import DeliverySettings, Dispatcher, Renditions
from ippgate.device import Fleet
from ippgate.device.abilities import Abilities
from ippgate.device.suspension import Suspension
from ippgate.device.traffic import Traffic
from ippgate.doctor import Doctor, DoctorSettings
from ippgate.examine import Examiners
from ippgate.hold import Desk, Documents, Tidings
from ippgate.identity import (
    Cards,
    Delegates,
    Logins,
    Operators,
    OwnerBook,
    People,
    PeopleBook,
    Pins,
    PrivateUris,
    Readers,
    Sessions,
    Stations,
    Taps,
)
from ippgate.identity.password import PasswordKeeper
from ippgate.identity.uri_secret import SecretKey, check_secret_key
from ippgate.intake import Allowance, Conclusion, Examining, Intake, IntakeSettings, Judge, Resubmission, Upload
from ippgate.model.capabilities.profile import retention as retention_offers
from ippgate.model.device import Device
from ippgate.model.until import NEVER, Calendar, Retention
from ippgate.notice import Board, Notices, NoticeSettings
from ippgate.notice.notices import MAX_TOLD
from ippgate.observe.counting import UNCOUNTED, Counting
from ippgate.release import Everything, Guard, Release, Ruling, Target
from ippgate.rulebook import RuleBook, RuleBookSettings
from ippgate.spool import KeyRing, Spool, SpoolSettings
from ippgate.spool.rotate import KeyRotation, check_masters
from ippgate.store.aliases import AliasStore
from ippgate.store.cards import CardStore
from ippgate.store.database import Database, DatabaseSettings
from ippgate.store.delegates import DelegateStore
from ippgate.store.diagnosis import DiagnosisStore
from ippgate.store.documents import DocumentStore
from ippgate.store.embedded import Embedded
from ippgate.store.fleet import FleetStore
from ippgate.store.jobs import JobStore
from ippgate.store.judgements import JudgementStore
from ippgate.store.lanes import LaneStore
from ippgate.store.migrate import MigrationRefused, migrate, migration_status
from ippgate.store.operators import OperatorStore
from ippgate.store.passwords import PasswordStore
from ippgate.store.people import PersonStore
from ippgate.store.private_uris import PrivateUriStore
from ippgate.store.readers import ReaderStore
from ippgate.store.renditions import RenditionStore
from ippgate.store.sessions import SessionStore
from ippgate.store.stations import StationStore
from ippgate.store.subscriptions import Subscribing, SubscriptionStore
from ippgate.store.taps import TapStore
from ippgate.store.traffic import TrafficStore
from ippgate.transport.certificate import fetch_certificate
from ippgate.transport.open import open_transport
from ippgate.transport.port import Transport, TransportSettings

STALE_WATCHES = 10
"""A device that was not asked for so many watch intervals is not being watched."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Everything that is put together, ready for use."""

    settings: Settings
    dsn: str
    database: Database
    jobs: JobStore
    lanes: LaneStore
    fleet: Fleet
    abilities: Abilities
    traffic: Traffic
    suspension: Suspension
    subscriptions: SubscriptionStore
    notices: Notices
    board: Board
    operators: Operators
    secrets: SecretKey
    private_uris: PrivateUris
    stations: Stations
    owners: OwnerBook
    people_book: PeopleBook
    people: People
    delegates: Delegates
    cards: Cards
    pins: Pins
    sessions: Sessions
    logins: Logins
    desk: Desk
    tidings: Tidings
    documents: Documents
    release: Release
    everything: Everything
    taps: Taps
    readers: Readers
    guard: Guard
    intake: Intake
    allowance: Allowance
    resubmission: Resubmission
    rules: RuleBook
    judge: Judge
    judgements: JudgementStore
    examining: Examining
    converter: Converter
    spool: Spool
    keys: KeyRing
    rotation: KeyRotation
    dispatcher: Dispatcher
    doctor: Doctor
    open_transport: Callable[[Device], Transport]


@asynccontextmanager
async def open_database(
    settings: Settings, *, pool_size: int | None = None, warm: bool = False
) -> AsyncIterator[tuple[Database, str]]:
    """The database, started first where it is the embedded one, and its DSN; warm: for a server. Raises Unavailable."""
    async with AsyncExitStack() as stack:
        dsn = settings.database.dsn
        if settings.embedded:
            prepare_home(settings)
            dsn = (await stack.enter_async_context(Embedded(settings.postgres))).dsn
        chosen = settings.database
        size = pool_size or chosen.pool_size
        database = Database(DatabaseSettings(dsn, size, chosen.connect_timeout, chosen.statement_timeout, warm))
        await database.open()
        stack.push_async_callback(database.close)
        yield database, dsn


@asynccontextmanager
async def open_gate(
    settings: Settings, *, migrate: bool = False, warm: bool = False, counting: Counting = UNCOUNTED
) -> AsyncIterator[Gate]:
    """The services, on a database of this version. Raises Unavailable and MigrationRefused, with what to do."""
    async with open_database(settings, warm=warm) as (database, dsn):
        await _bring_up_to_date(database, settings) if migrate else await _check_up_to_date(database)
        prepare_home(settings)
        gate = assemble(settings, database, dsn, counting=counting)
        await check_masters(FleetStore(database), gate.keys, settings.keys)
        await check_secret_key(FleetStore(database), gate.secrets)
        await gate.owners.reload()
        await gate.people_book.reload()
        await gate.rules.reload()  # before the first job can come
        async with gate.examining, gate.jobs, gate.lanes, gate.subscriptions:
            yield gate


def assemble(
    settings: Settings, database: Database, dsn: str, *, worker: UUID | None = None, counting: Counting = UNCOUNTED
) -> Gate:
    """Put the services together; nothing runs yet."""
    calendar = Calendar(zone_of(settings.server.time_zone))
    telling = notice_settings(settings)
    subscribing = Subscribing(telling.bounds, telling.events)
    jobs = JobStore(
        database,
        keep_printed=settings.spool.keep_printed,
        retention=_retention(settings, calendar),
        subscribing=subscribing,
    )
    subscriptions = SubscriptionStore(database, subscribing, at_once=MAX_TOLD)
    lanes = LaneStore(database, worker or uuid4(), lease=settings.delivery.lease)
    keys = KeyRing(settings.keys)
    spool = Spool(database, keys, SpoolSettings(settings.spool.max_document))
    wires = _wires(settings)

    def open_wire(device: Device) -> Transport:
        return open_transport(device, wires)

    async def pin(uri: str) -> bytes:
        return (await fetch_certificate(uri, wires.connect_timeout)).fingerprint

    async def queue_id(name: str) -> int:
        return (await fleet.queue(name)).id

    secrets = SecretKey(settings.keys)
    owners = OwnerBook(owner_rules(settings), AliasStore(database), queue_id)
    keeper, persons = PasswordKeeper(), PersonStore(database)
    people_book, operators = PeopleBook(persons), Operators(OperatorStore(database), keeper=keeper)
    cards, pins = (
        Cards(CardStore(database), secrets, owners),
        Pins(persons, secrets, owners, settings.people.pin_length),
    )
    people, stations = People(persons, people_book, owners, keeper), Stations(StationStore(database), secrets)
    delegates = Delegates(DelegateStore(database), people_book, owners)
    sessions = Sessions(SessionStore(database), secrets, owners, session_settings(settings))
    logins = Logins(persons, cards, pins, sessions, people_book, owners, operators, keeper)
    fleet = Fleet(FleetStore(database), jobs, lambda device, ask: open_transport(device, wires, ask_pjl=ask), pin)
    own = retention_offers(settings.spool.retain_limit, indefinite=settings.spool.retain_forever)
    abilities, converter = Abilities(fleet, own), Converter(convert_settings(settings))
    renditions = Renditions(converter, RenditionStore(database, lanes.worker), spool, abilities.of_device)
    dispatcher = Dispatcher(jobs, lanes, spool, renditions, fleet, open_wire, _delivery(settings), counting)
    judgements = JudgementStore(database)
    examiners, patient = Examiners(examine_settings(settings)), Examiners(patient_settings(settings))
    examining = Examining(judgements, spool, examiners, patient, lanes, interval=settings.examine.interval)
    arrivals = IntakeSettings(
        settings.intake.multiple_operation_time_out, settings.intake.max_uploads, settings.intake.max_documents
    )
    rules = RuleBook(_rule_book(settings))
    judge = Judge(
        lambda: rules.rules, examining, Target(fleet, abilities, converter.possible), rules.now, people_book.facts
    )
    ruling = Ruling(lambda: rules.rules, judgements, fleet, rules.now, examining.known, people_book.facts)
    guard = Guard(PasswordStore(database), keys)
    allowance = allowance_of(settings, database)
    desk = Desk(jobs, fleet.queue_by_id, calendar)
    intake = Intake(
        jobs,
        spool,
        judge,
        examining,
        Upload(jobs, spool, dispatcher.wake, recall=arrivals.recall),
        Conclusion(
            jobs, judgements, spool, examining, judge, fleet.queue_by_id, dispatcher.wake, recall=arrivals.recall
        ),
        arrivals,
        dispatcher.wake,
        counting,
        calendar,
        allowance=allowance,
    )
    release = Release(
        *(jobs, fleet, abilities, ruling, guard, dispatcher.wake, converter.possible), stands=delegates.stands
    )
    board, everything = Board(telling.waiting, counting.clients_waiting), Everything(jobs, release, persons.get)
    return Gate(
        settings=settings,
        dsn=dsn,
        database=database,
        jobs=jobs,
        lanes=lanes,
        fleet=fleet,
        abilities=abilities,
        traffic=Traffic(TrafficStore(database), jobs, fleet.forget),
        suspension=Suspension(jobs, fleet, open_wire),
        subscriptions=subscriptions,
        notices=Notices(subscriptions, board, telling),
        board=board,
        operators=operators,
        secrets=secrets,
        private_uris=PrivateUris(PrivateUriStore(database), secrets),
        owners=owners,
        people_book=people_book,
        people=people,
        delegates=delegates,
        cards=cards,
        pins=pins,
        sessions=sessions,
        logins=logins,
        desk=desk,
        tidings=Tidings(jobs),
        documents=Documents(DocumentStore(database), desk),
        release=release,
        everything=everything,
        taps=(taps := Taps(TapStore(database), logins, cards, everything.on_tap, fleet.device_by_id)),
        readers=Readers(ReaderStore(database), taps, stations, fleet.device_by_id),
        guard=guard,
        stations=stations,
        intake=intake,
        allowance=allowance,
        resubmission=Resubmission(intake, spool, PasswordStore(database)),
        rules=rules,
        judge=judge,
        judgements=judgements,
        examining=examining,
        converter=converter,
        spool=spool,
        keys=keys,
        rotation=KeyRotation(database, keys),
        dispatcher=dispatcher,
        doctor=Doctor(
            *(DiagnosisStore(database), jobs, fleet, owners, people, cards, stations, logins.slowed),
            settings=_doctor(settings),
        ),
        open_transport=open_wire,
    )


def _doctor(settings: Settings) -> DoctorSettings:
    stale = STALE_WATCHES * settings.device.watch_interval
    return DoctorSettings(settings.spool.keep_held, stale, settings.limits.person_jobs)


def _rule_book(settings: Settings) -> RuleBookSettings:
    chosen = settings.rules
    zone = zone_of(settings.server.time_zone)
    return RuleBookSettings(settings.rules_file, bool(chosen.file), chosen.poll, zone=zone)


def _retention(settings: Settings, calendar: Calendar) -> Callable[[], Retention]:
    limit = None if settings.spool.retain_forever else timedelta(seconds=settings.spool.retain_limit)

    def retention() -> Retention:
        now = datetime.now(UTC)
        furthest = NEVER if limit is None else now + limit
        return Retention(calendar.ends(now), furthest, now + timedelta(seconds=settings.spool.stored_limit))

    return retention


def notice_settings(settings: Settings) -> NoticeSettings:
    """How much is borne of those who want to be told."""
    chosen = settings.notices
    return NoticeSettings(
        event_life=chosen.event_life,
        events=chosen.events,
        lease=min(chosen.lease, chosen.longest_lease),
        longest_lease=chosen.longest_lease,
        unfetched=chosen.unfetched,
        per_person=chosen.per_person,
        per_job=chosen.per_job,
        per_printer=chosen.per_printer,
        in_all=chosen.in_all,
        wait=chosen.wait,
        waiting=chosen.waiting,
    )


def prepare_home(settings: Settings) -> None:
    """Make the home; what is secret in it has folders that only its owner can enter."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o711)


async def _bring_up_to_date(database: Database, settings: Settings) -> None:
    await migrate(database, phases=("pre", "post") if settings.embedded else ("pre",))
    if settings.embedded:
        await database.value("tuning_embedded")


async def _check_up_to_date(database: Database) -> None:
    missing = [step for step in await migration_status(database) if not step.applied and step.phase == "pre"]
    if missing:
        raise MigrationRefused(f"the database lacks migration {missing[0].number:04d}: run `ippgate db migrate`")


def _wires(settings: Settings) -> TransportSettings:
    chosen = settings.delivery
    return TransportSettings(
        connect_timeout=chosen.connect_timeout,
        answer_timeout=chosen.answer_timeout,
        stall_timeout=chosen.stall_timeout,
        close_timeout=chosen.close_timeout,
        answer_limit=chosen.answer_limit,
    )


def _delivery(settings: Settings) -> DeliverySettings:
    chosen = settings.delivery
    return DeliverySettings(
        lease=chosen.lease,
        poll=chosen.poll,
        lane_depth=chosen.lane_depth,
        at_device=chosen.at_device,
        busy_limit=chosen.busy_limit,
    )

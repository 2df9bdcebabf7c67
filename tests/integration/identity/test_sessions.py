"""Sessions in real PostgreSQL: good for their person, for a while, until somebody ends them, in every worker."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.identity import Sessions
from ippgate.identity.secret import Secret, draw, secret_of
from ippgate.model.errors import Busy, Forbidden, NotFound
from ippgate.model.person import Particulars
from ippgate.model.session import MAX_SESSIONS, Session, SessionKind
from ippgate.store.listen import Listener
from ippgate.store.sessions import SessionStore
from tests.integration.gates import Connection, register
from tests.rig.crew import Crew
from tests.rig.eventually import eventually
from tests.rig.sink import Sink

HERE, THERE = "192.0.2.1", "198.51.100.9"
PASSWORD = "correct horse battery"


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def token_of(whole: str) -> Secret:
    secret = secret_of(whole)
    assert secret is not None
    return secret


def sessions_of(gate: Gate, clock: Clock) -> Sessions:
    return Sessions(SessionStore(gate.database), gate.secrets, gate.owners, clock=clock)


async def opened(gate: Gate, person: str = "anna") -> tuple[Session, Secret]:
    session, token = await gate.sessions.open(person, SessionKind.API)
    return session, token_of(token)


@pytest.fixture
async def anna(gate: Gate) -> None:
    await gate.people.add("anna", Particulars(), password=PASSWORD)


async def test_a_token_is_good_for_its_session_alone(gate: Gate, anna: None, sql: Connection) -> None:
    session, token = await opened(gate)
    other, _ = await opened(gate)
    assert (token.kind, token.name) == ("session", str(session.id))
    assert await gate.sessions.by_token(token, HERE) == await gate.sessions.by_token(token, HERE)
    found = await gate.sessions.by_token(token, HERE)
    assert found is not None
    assert (found.id, found.person, found.kind, found.device_id) == (session.id, "anna", SessionKind.API, None)
    for place, wrong in enumerate(
        (
            token._replace(name=str(other.id)),
            token._replace(name="0"),
            token._replace(name="9" * 30),
            token._replace(name="x"),
            token._replace(kind="station"),
            draw("session", str(session.id)),
        )
    ):
        assert await gate.sessions.by_token(wrong, f"203.0.113.{place}") is None
    stored = str(await sql.fetch("SELECT * FROM session"))
    assert token.drawn not in stored
    assert token.drawn not in repr(token)


async def test_guessing_at_tokens_is_slowed_and_a_good_one_waits_only_there(gate: Gate, anna: None) -> None:
    clock = Clock()
    sessions = sessions_of(gate, clock)
    _, token = await opened(gate)
    for _ in range(5):
        assert await sessions.by_token(draw("session", "1"), HERE) is None
    with pytest.raises(Busy, match="try again in 1 seconds"):
        await sessions.by_token(token, HERE)
    assert await sessions.by_token(token, THERE) is not None


async def test_a_session_ends_when_it_is_not_used_and_not_while_it_is(gate: Gate, anna: None, sql: Connection) -> None:
    session, token = await opened(gate)
    await sql.execute("UPDATE session SET seen_at = now() - make_interval(secs => idle - 5)")
    found = await gate.sessions.by_token(token, HERE)
    assert found is not None
    assert found.seen_at > session.seen_at
    await sql.execute("UPDATE session SET seen_at = now() - make_interval(secs => idle)")
    gate.sessions.forget()
    assert await gate.sessions.by_token(token, HERE) is None
    assert await gate.sessions.listing() == []


async def test_a_session_ends_in_time_however_much_it_is_used(gate: Gate, anna: None, sql: Connection) -> None:
    _, token = await opened(gate)
    await sql.execute("UPDATE session SET ends_at = now()")
    assert await gate.sessions.by_token(token, HERE) is None


async def test_what_was_good_is_not_looked_up_again_for_some_seconds(gate: Gate, anna: None, sql: Connection) -> None:
    clock = Clock()
    sessions = sessions_of(gate, clock)
    _, token = await opened(gate)
    assert await sessions.by_token(token, HERE)
    await sql.execute("DELETE FROM session")  # and nobody hears of it
    clock.now = 4.9
    assert await sessions.by_token(token, HERE)
    clock.now = 5.1
    assert await sessions.by_token(token, HERE) is None


async def test_a_person_logs_out_and_operators_end_one_or_all(gate: Gate, anna: None) -> None:
    await gate.people.add("jake", Particulars())
    first, token = await opened(gate)
    second, _ = await opened(gate)
    third, _ = await opened(gate)
    jakes, _ = await opened(gate, "jake")
    assert [each.id for each in await gate.sessions.listing("ANNA")] == [first.id, second.id, third.id]
    assert await gate.sessions.by_token(token, HERE)
    await gate.sessions.close(first)
    assert await gate.sessions.by_token(token, HERE) is None
    await gate.sessions.revoke(second.id)
    with pytest.raises(NotFound, match=f"there is no session {second.id}"):
        await gate.sessions.revoke(second.id)
    assert await gate.sessions.revoke_all("anna") == 1
    assert [each.id for each in await gate.sessions.listing()] == [jakes.id]


@pytest.mark.parametrize("why", ["shut out", "removed", "another password", "another PIN"])
async def test_who_is_shut_out_or_has_something_else_to_prove_is_logged_in_nowhere(
    gate: Gate, anna: None, why: str
) -> None:
    _, token = await opened(gate)
    match why:
        case "shut out":
            await gate.people.change("anna", Particulars(active=False))
        case "removed":
            await gate.people.remove("anna")
        case "another password":
            await gate.people.set_password("anna", "another " + PASSWORD)
        case _:
            await gate.pins.renew("anna")
    assert await gate.sessions.by_token(token, HERE) is None
    assert await gate.sessions.listing() == []
    if why in ("shut out", "removed"):
        with pytest.raises(Forbidden, match="anna is shut out"):
            await opened(gate)


async def test_other_changes_of_a_person_end_nothing(gate: Gate, anna: None) -> None:
    _, token = await opened(gate)
    await gate.people.change("anna", Particulars(department="R&D", active=True))
    assert await gate.sessions.by_token(token, HERE)


async def test_one_too_many_ends_the_one_that_was_not_used_for_longest(gate: Gate, anna: None, sql: Connection) -> None:
    await gate.people.add("jake", Particulars())
    jakes, _ = await opened(gate, "jake")
    first, _ = await opened(gate)
    second, _ = await opened(gate)
    await sql.execute("UPDATE session SET seen_at = seen_at - interval '10 s' WHERE id = $1", second.id)
    for _ in range(MAX_SESSIONS - 1):
        await opened(gate)
    left = {each.id for each in await gate.sessions.listing()}
    assert len(left) == MAX_SESSIONS + 1
    assert second.id not in left
    assert {jakes.id, first.id} <= left


async def test_what_has_ended_goes_when_others_are_opened(gate: Gate, anna: None, sql: Connection) -> None:
    for _ in range(3):
        await opened(gate)
    await sql.execute("UPDATE session SET seen_at = now() - interval '1 day'")
    await opened(gate)
    assert await sql.fetchval("SELECT count(*) FROM session") == 1


async def test_a_panel_has_a_device_and_goes_with_it(gate: Gate, anna: None, sql: Connection, sink: Sink) -> None:
    device = await register(gate, sink.uri)
    session, token = await gate.sessions.open("anna", SessionKind.PANEL, device=device.id)
    assert (session.idle, session.device_id) == (60.0, device.id)
    with pytest.raises(asyncpg.CheckViolationError):
        await sql.execute("UPDATE session SET device_id = NULL")
    await gate.fleet.remove_device(device.name)
    assert await gate.sessions.by_token(token_of(token), HERE) is None


async def test_one_that_is_ended_elsewhere_is_forgotten_here(gates: Callable[..., Awaitable[Gate]]) -> None:
    here, there = await gates(), await gates()
    crew, listener = Crew(), Listener(here.database.settings)
    clock = Clock()  # it stands still: only what is heard of is forgotten
    sessions = sessions_of(here, clock)
    listener.subscribe("ippgate_session", sessions.forget)
    crew.hire(listener.run())
    await listener.listening.wait()
    await there.people.add("anna", Particulars())
    for end in ("revoked", "shut out"):
        session, token = await opened(there)
        assert await sessions.by_token(token, HERE)
        if end == "revoked":
            await there.sessions.revoke(session.id)
        else:
            await there.people.change("anna", Particulars(active=False))

        async def forgotten(token: Secret = token) -> bool:
            return await sessions.by_token(token, HERE) is None

        await eventually(forgotten, "the end of the session to be heard of", within=5)
    await crew.dismiss()


async def test_an_operator_has_sessions_too_until_the_password_changes(gate: Gate, anna: None) -> None:
    await gate.operators.add("olga", PASSWORD)
    session, token = await gate.sessions.open_admin("olga")
    assert (session.kind, session.person, session.operator) == (SessionKind.ADMIN, "", "olga")
    assert await gate.sessions.by_token(token_of(token), HERE) == await gate.sessions.by_token(token_of(token), HERE)
    mine, _ = await opened(gate)
    assert [each.id for each in await gate.sessions.listing()] == [session.id, mine.id]
    await gate.operators.set_password("olga", "another battery staple")
    gate.sessions.forget()
    assert await gate.sessions.by_token(token_of(token), HERE) is None
    assert [each.id for each in await gate.sessions.listing()] == [mine.id]


async def test_nobody_is_an_operator_by_a_session_any_more_once_removed(gate: Gate) -> None:
    await gate.operators.add("olga", PASSWORD)
    _, token = await gate.sessions.open_admin("olga")
    await gate.operators.remove("olga")
    gate.sessions.forget()
    assert await gate.sessions.by_token(token_of(token), HERE) is None
    with pytest.raises(Forbidden):
        await gate.sessions.open_admin("olga")

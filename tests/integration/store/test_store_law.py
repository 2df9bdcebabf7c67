"""The law of states is one: the table in Python, the function in SQL, the trigger and the constraints say the same."""

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.registry.enums import JobState
from ippgate.model.lifecycle import LIFECYCLE, Event
from tests.integration.gates import Connection
from tests.integration.store.births import a_device, born, in_state


async def test_the_sql_function_knows_the_table_and_nothing_else(sql: Connection) -> None:
    rows = await sql.fetch(
        "SELECT state, event, job_after(state::smallint, event) AS next"
        " FROM generate_series(0, 12) AS state, unnest($1::text[]) AS event",
        [*Event, "strange", ""],
    )
    told = {(row["state"], row["event"]): row["next"] for row in rows if row["next"] is not None}
    assert told == {(int(state), str(event)): int(after) for (state, event), after in LIFECYCLE.items()}


async def test_the_trigger_lets_pass_what_some_event_does(sql: Connection) -> None:
    rows = await sql.fetch(
        "SELECT old, new FROM generate_series(3, 9) AS old, generate_series(3, 9) AS new"
        " WHERE job_may_move(old::smallint, new::smallint)"
    )
    assert {(row["old"], row["new"]) for row in rows} == {(int(s), int(after)) for (s, _), after in LIFECYCLE.items()}


@pytest.mark.parametrize("state", list(JobState), ids=lambda state: state.name)
async def test_no_statement_moves_a_job_past_the_law(gate: Gate, sql: Connection, state: JobState) -> None:
    job_id, _ = await in_state(gate, state)
    lawful = {after for (before, _), after in LIFECYCLE.items() if before is state} | {state}
    for other in set(JobState) - lawful:
        with pytest.raises(asyncpg.CheckViolationError, match="cannot go from state"):
            await sql.execute("UPDATE job SET state = $2 WHERE id = $1", job_id, int(other))


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("completed_at = now()", "ended_has_a_time"),
        ("state = 3", "going_has_a_device"),
        ("edge = 'sending'", "resting_has_no_carrier"),
        ("lease_worker = gen_random_uuid()", "resting_has_no_carrier"),
        ("edge = 'half'", "job_edge_check"),
        ("cancel_by = 'nobody'", "job_cancel_by_check"),
        ("priority = 101", "job_priority_check"),
        ("owner = repeat('ä', 128)", "job_owner_check"),
        ("name = repeat('n', 256)", "job_name_check"),
        ("impressions = -1", "job_impressions_check"),
    ],
)
async def test_a_held_job_keeps_its_constraints(gate: Gate, sql: Connection, change: str, broken: str) -> None:
    job_id = await born(gate)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await sql.execute(f"UPDATE job SET {change} WHERE id = $1", job_id)
    assert refused.value.as_dict()["constraint_name"] == broken


async def test_a_job_at_a_device_has_a_carrier_and_an_ended_one_is_closed(gate: Gate, sql: Connection) -> None:
    carried, _ = await in_state(gate, JobState.PROCESSING)
    with pytest.raises(asyncpg.CheckViolationError, match="carried_has_a_carrier"):
        await sql.execute("UPDATE job SET lease_worker = NULL WHERE id = $1", carried)
    ended, _ = await in_state(gate, JobState.COMPLETED)
    with pytest.raises(asyncpg.CheckViolationError, match="ended_is_closed"):
        await sql.execute("UPDATE job SET incoming_until = now() WHERE id = $1", ended)


async def test_a_document_is_whole_or_it_is_not(gate: Gate, sql: Connection) -> None:
    job_id = await born(gate)
    for change in ("size = NULL", "sha256 = NULL", "sha256 = 'short'", "size = -1"):
        with pytest.raises(asyncpg.CheckViolationError):
            await sql.execute(f"UPDATE document SET {change} WHERE job_id = $1", job_id)


async def test_queues_and_devices_have_names_that_are_safe_in_a_path(gate: Gate, sql: Connection) -> None:
    await a_device(gate)
    for name in ("", "Upper", "a/b", "..", "-dash", "a b", "ä", "x" * 64):
        with pytest.raises(asyncpg.CheckViolationError):
            await sql.execute("INSERT INTO queue (name, mode) VALUES ($1, 'release-printing')", name)
        with pytest.raises(asyncpg.CheckViolationError):
            await sql.execute("UPDATE device SET name = $1", name)
    with pytest.raises(asyncpg.CheckViolationError, match="passthrough_needs_a_target"):
        await sql.execute("INSERT INTO queue (name, mode) VALUES ('q', 'passthrough')")
    with pytest.raises(asyncpg.CheckViolationError):
        await sql.execute("UPDATE device SET uri = 'http://192.0.2.1/'")

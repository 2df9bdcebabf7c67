"""Operators' accounts in real PostgreSQL, and gates that hear of what others change there."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.model.errors import NotFound, NotPossible
from ippgate.store.listen import Listener
from tests.integration.gates import Connection
from tests.rig.crew import Crew
from tests.rig.eventually import eventually

PASSWORD, OTHER, HERE = "correct horse battery", "another one altogether", "192.0.2.1"


async def test_an_account_is_made_listed_changed_and_removed(gate: Gate, sql: Connection) -> None:
    made = await gate.operators.add("olga", PASSWORD)
    await gate.operators.add("anna", PASSWORD)
    assert [account.name for account in await gate.operators.accounts()] == ["anna", "olga"]
    assert await gate.operators.proves("olga", PASSWORD, HERE)
    changed = await gate.operators.set_password("olga", OTHER)
    assert changed.created_at == made.created_at
    assert changed.changed_at > made.changed_at
    assert not await gate.operators.proves("olga", PASSWORD, HERE)
    assert await gate.operators.proves("olga", OTHER, HERE)
    await gate.operators.remove("olga")
    assert not await gate.operators.proves("olga", OTHER, HERE)
    assert PASSWORD not in str(await sql.fetch("SELECT * FROM operator"))


async def test_a_name_that_is_taken_and_one_that_is_not_there_are_said(gate: Gate) -> None:
    await gate.operators.add("olga", PASSWORD)
    with pytest.raises(NotPossible, match="there is an operator olga already"):
        await gate.operators.add("olga", OTHER)
    assert await gate.operators.proves("olga", PASSWORD, HERE)
    for asked in (gate.operators.remove("anna"), gate.operators.set_password("anna", OTHER)):
        with pytest.raises(NotFound, match="there is no operator anna"):
            await asked


async def test_the_database_takes_nothing_but_argon2id(sql: Connection) -> None:
    for name, password in (("olga", PASSWORD), ("Olga", "$argon2id$x")):
        with pytest.raises(asyncpg.CheckViolationError):
            await sql.execute("INSERT INTO operator (name, password) VALUES ($1, $2)", name, password)


async def test_what_was_proven_at_one_worker_ends_when_another_changes_it(
    gates: Callable[..., Awaitable[Gate]],
) -> None:
    here, there = await gates(), await gates()
    crew, listener = Crew(), Listener(here.database.settings)
    listener.subscribe("ippgate_operator", here.operators.forget)
    crew.hire(listener.run())
    await listener.listening.wait()
    await there.operators.add("olga", PASSWORD)
    assert await here.operators.proves("olga", PASSWORD, HERE)
    await there.operators.remove("olga")

    async def forgotten() -> bool:
        return not await here.operators.proves("olga", PASSWORD, HERE)

    await eventually(forgotten, "the removal to be heard of", within=5)
    await crew.dismiss()

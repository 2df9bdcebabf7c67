"""The named queries: PostgreSQL understands every one of them, and somebody asks each."""

import re
from pathlib import Path

import asyncpg

import ippgate
from ippgate.store.query import queries
from tests.integration.gates import Connection

ASKED = re.compile(r"""\.(?:fetch|row|value)\(\s*"(\w+)"|queries\(\)\["(\w+)"\]""")
DEFINITION = "migration_ledger"  # cannot be prepared


async def test_every_query_is_understood(sql: Connection) -> None:
    misunderstood = {}
    for name, text in queries().items():
        try:
            await (sql.execute(text) if name == DEFINITION else sql.prepare(text))
        except asyncpg.PostgresError as error:
            misunderstood[name] = str(error)
    assert not misunderstood


def asked() -> set[str]:
    sources = Path(ippgate.__file__).parent.rglob("*.py")
    return {found for file in sources for pair in ASKED.findall(file.read_text()) for found in pair if found}


def test_every_query_is_asked_by_somebody_and_every_question_has_its_query() -> None:
    assert asked() == set(queries())

"""The walls hold: checked over every import of the program, and over what its source says."""

import ast
import re
from collections.abc import Iterator

import pytest

from ippgate.store.query import queries
from tests.architecture.source import ALL, Module, circles, edges_between, modules, reached, within
from tests.architecture.walls import (
    GENERATOR,
    OWNED_RUNNERS,
    PURE,
    READS_ENVIRONMENT,
    WALLS,
    Wall,
)

SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|WITH\s+\w+\s+AS\s*\(|TRUNCATE|LISTEN\s+\w+"
    r"|NOTIFY\s+\w+|(CREATE|ALTER|DROP)\s+(TABLE|INDEX|FUNCTION|DATABASE|TRIGGER|ROLE)|SELECT\s+(pg|lo)_\w+)\b",
    re.DOTALL | re.MULTILINE,
)
STATE_IS_SET = re.compile(r"UPDATE\s+job\s+SET\b(?:(?!\bFROM\b|\bWHERE\b).)*?\bstate\s*=", re.DOTALL)


@pytest.mark.parametrize("wall", WALLS, ids=str)
def test_nobody_reaches_through_the_wall(wall: Wall) -> None:
    holes = [
        f"{module.name} imports {imported}"
        for room in wall.rooms
        for module in modules(room)
        if not any(within(module.name, spared) for spared in wall.except_in)
        for imported in sorted(module.imports)
        if any(within(imported, unknown) for unknown in wall.unknown)
    ]
    assert not holes, "\n".join(holes)


@pytest.mark.parametrize("wall", WALLS, ids=str)
def test_the_wall_stands_between_rooms_that_exist(wall: Wall) -> None:
    ours = [*wall.rooms, *wall.except_in, *(unknown for unknown in wall.unknown if unknown.startswith("ippgate"))]
    assert [room for room in ours if not modules(room)] == []


@pytest.mark.parametrize("room", PURE)
def test_what_a_language_reaches_is_a_language(room: str) -> None:
    strangers = [name for name in reached(room) if name != "ippgate" and not any(within(name, pure) for pure in PURE)]
    assert strangers == []


def test_no_package_needs_one_that_needs_it() -> None:
    rooms = {module.name: ".".join(module.name.split(".")[:2]) for module in ALL}
    assert circles(edges_between(rooms)) == []


def test_no_module_needs_one_that_needs_it() -> None:
    """A package's own __init__ speaks for it, and names what is within."""
    edges = edges_between({module.name: module.name for module in ALL})
    packages = {module.name for module in ALL if module.path.name == "__init__.py"}
    assert circles({name: others - packages for name, others in edges.items() if name not in packages}) == []


def test_sql_is_written_in_sql_files_alone() -> None:
    said = ((module.name, line, text) for module in ALL for line, text in module.strings())
    assert [f"{name}:{line}: {text[:60]!r}" for name, line, text in said if SQL.search(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM job",
        "select".upper() + "\n  id\nFROM job WHERE id = $1",
        "INSERT INTO job (id) VALUES (1)",
        "UPDATE job SET state = 9",
        "WITH gone AS (DELETE FROM job) SELECT 1",
        "SELECT pg_notify('a', 'b')",
        "LISTEN ippgate_lane",
    ],
)
def test_sql_would_be_seen(text: str) -> None:
    assert SQL.search(text)


def test_one_query_moves_a_job() -> None:
    assert [name for name, text in queries().items() if STATE_IS_SET.search(text)] == ["job_move"]
    assert STATE_IS_SET.search("UPDATE job SET key = NULL, state = 8 WHERE id = $1")


def test_every_task_has_an_owner() -> None:
    loose = [
        f"{module.name}:{call.lineno}"
        for module in ALL
        if module.name not in OWNED_RUNNERS
        for call in _loose_tasks(module)
    ]
    assert not loose, loose
    for name in OWNED_RUNNERS:
        assert any(list(_loose_tasks(module)) for module in modules(name)), f"{name} needs no exception any more"


def test_the_environment_is_read_where_configuration_is() -> None:
    readers = [
        f"{module.name}:{node.lineno}"
        for module in ALL
        if not any(within(module.name, spared) for spared in READS_ENVIRONMENT)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "putenv")
    ]
    assert readers == []


def test_no_room_is_named_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base", "core"}
    assert [module.name for module in ALL if vague.intersection(re.split(r"[._]", module.name))] == []


def test_modules_hold_one_idea_each() -> None:
    long = {
        module.name: lines
        for module in ALL
        if not within(module.name, "ippgate.ipp.registry") and (lines := module.path.read_text().count("\n")) > 400
    }
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    assert [module.name for module in ALL if not ast.get_docstring(module.tree)] == []


def test_the_generator_is_left_out_of_what_runs() -> None:
    assert not any(within(name, GENERATOR) for name in reached("ippgate.app"))


def _loose_tasks(module: Module) -> Iterator[ast.Call]:
    """Calls that start a task which no TaskGroup holds."""
    groups = set(_task_groups(module.tree))
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        owner = called.value.id if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) else None
        if name in ("ensure_future", "run_coroutine_threadsafe") or (name == "create_task" and owner not in groups):
            yield node


def _task_groups(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncWith):
            for item in node.items:
                if "TaskGroup" in ast.dump(item.context_expr) and isinstance(item.optional_vars, ast.Name):
                    yield item.optional_vars.id
        elif isinstance(node, ast.arg) and node.annotation is not None and "TaskGroup" in ast.dump(node.annotation):
            yield node.arg

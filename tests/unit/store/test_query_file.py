"""Named queries as they are read from their files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ippgate.store import query
from ippgate.store.query import queries


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "queries").mkdir()
    monkeypatch.setattr(query, "sql_folder", lambda: tmp_path)
    return tmp_path / "queries"


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    queries.cache_clear()
    yield
    queries.cache_clear()


def test_each_query_has_its_name_and_text(folder: Path) -> None:
    (folder / "a.sql").write_text("-- A file.\n-- name: one\n-- What for.\nSELECT 1;\n\n-- name: two\nSELECT\n  2\n")
    (folder / "b.sql").write_text("-- name: three\nSELECT 3; -- of three\n")
    assert queries() == {"one": "-- What for.\nSELECT 1", "two": "SELECT\n  2", "three": "SELECT 3; -- of three"}


def test_two_of_one_name_are_refused(folder: Path) -> None:
    (folder / "a.sql").write_text("-- name: one\nSELECT 1;\n")
    (folder / "b.sql").write_text("-- name: one\nSELECT 2;\n")
    with pytest.raises(ValueError, match=r"two queries are called one; the second is in b\.sql"):
        queries()


def test_the_gates_own_queries_are_there() -> None:
    assert {"job_accept", "job_move", "lane_claim"} <= queries().keys()

"""Master keys are files that only the gate reads; with a job's key gone its documents are gone."""

import os
import stat
from dataclasses import replace
from multiprocessing.pool import ThreadPool
from pathlib import Path
from uuid import uuid4

import pytest

from ippgate.model.errors import DocumentDamaged, Unavailable
from ippgate.spool.key_file import KeyFileUnusable
from ippgate.spool.keys import JobKey, KeyRing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "keys"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_the_first_key_is_made_at_first_start_for_nobody_else_to_read(folder: Path) -> None:
    before = os.umask(0)
    try:
        KeyRing(folder)
    finally:
        os.umask(before)
    assert names(folder) == ["master-0001.key"]
    assert mode(folder) == 0o700
    assert mode(folder / "master-0001.key") == 0o600
    assert (folder / "master-0001.key").stat().st_size == 32


def test_a_folder_that_was_open_is_closed(folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o755)
    KeyRing(folder)
    assert mode(folder) == 0o700


def test_the_same_keys_are_there_after_a_restart(folder: Path) -> None:
    key = KeyRing(folder).new_key(uuid4())
    assert KeyRing(folder).unwrap(key.wrapped) == key
    assert names(folder) == ["master-0001.key"]


def test_two_fresh_gates_share_no_key(tmp_path: Path) -> None:
    key = KeyRing(tmp_path / "a").new_key(uuid4())
    with pytest.raises(DocumentDamaged, match="does not open with its master key"):
        KeyRing(tmp_path / "b").unwrap(key.wrapped)


def test_many_that_start_at_once_on_a_fresh_folder_agree_on_one_key(folder: Path) -> None:
    with ThreadPool(16) as pool:
        rings = pool.map(KeyRing, [folder] * 16)
    key = rings[0].new_key(uuid4())
    assert all(ring.unwrap(key.wrapped) == key for ring in rings)
    assert names(folder) == ["master-0001.key"]


def test_an_existing_key_is_never_written_over(folder: Path) -> None:
    ring, other = KeyRing(folder), KeyRing(folder)
    first = (folder / "master-0001.key").read_bytes()
    assert ring.add_master() == 2
    assert other.add_master() == 3
    assert (folder / "master-0001.key").read_bytes() == first
    assert len({(folder / name).read_bytes() for name in names(folder)}) == 3


def test_every_job_has_a_key_of_its_own_wrapped_differently_each_time(folder: Path) -> None:
    ring = KeyRing(folder)
    keys = [ring.new_key(uuid4()) for _ in range(100)]
    assert len({key.octets for key in keys}) == 100
    assert len({key.wrapped.octets[:12] for key in keys}) == 100
    assert ring.rewrap(keys[0].wrapped, 1).octets != keys[0].wrapped.octets


def test_a_key_is_not_in_what_is_shown_of_it(folder: Path) -> None:
    key = KeyRing(folder).new_key(uuid4())
    assert repr(key) == "JobKey(…)"
    assert key.octets not in key.wrapped.octets


def test_a_rotation_elsewhere_is_noticed_with_the_next_job(folder: Path) -> None:
    worker, operator = KeyRing(folder), KeyRing(folder)
    old = worker.new_key(uuid4())
    os.utime(folder, ns=(0, 0))  # the clock of files ticks slowly
    operator.add_master()
    assert worker.new_key(uuid4()).wrapped.key_id == 2
    assert worker.unwrap(operator.rewrap(old.wrapped, 2)).octets == old.octets


def test_a_worker_that_has_not_heard_of_a_rotation_reads_what_the_new_key_wraps(folder: Path) -> None:
    worker, operator = KeyRing(folder), KeyRing(folder)
    operator.add_master()
    assert operator.current == 2
    key = operator.new_key(uuid4())
    assert worker.unwrap(key.wrapped) == key


def test_a_dropped_master_is_gone_and_the_current_one_stays(folder: Path) -> None:
    ring = KeyRing(folder)
    key = ring.new_key(uuid4())
    ring.add_master()
    ring.drop_master(1)
    assert names(folder) == ["master-0002.key"]
    with pytest.raises(DocumentDamaged, match=r"master key 1 is missing: restore .*master-0001\.key"):
        ring.unwrap(key.wrapped)
    with pytest.raises(ValueError, match="the current master key stays"):
        ring.drop_master(2)


@pytest.mark.parametrize("open_to", [0o640, 0o604, 0o666])
def test_a_key_file_that_others_can_read_is_refused_with_the_remedy(folder: Path, open_to: int) -> None:
    KeyRing(folder)
    (folder / "master-0001.key").chmod(open_to)
    with pytest.raises(KeyFileUnusable, match=r"can be read by others: run `chmod 600 .*master-0001\.key`"):
        KeyRing(folder)


@pytest.mark.parametrize("octets", [b"", b"short", bytes(33)])
def test_a_key_file_of_another_size_is_refused_with_the_remedy(folder: Path, octets: bytes) -> None:
    KeyRing(folder)
    (folder / "master-0001.key").write_bytes(octets)
    with pytest.raises(KeyFileUnusable, match=rf"holds {len(octets)} octets, a master key has 32: restore it"):
        KeyRing(folder)


def test_an_unusable_key_file_makes_the_gate_unavailable_not_wrong() -> None:
    assert issubclass(KeyFileUnusable, Unavailable)


def test_other_files_in_the_folder_are_left_alone(folder: Path) -> None:
    KeyRing(folder)
    (folder / "README").write_text("mine")
    (folder / "master-1.key").write_text("no number of four digits")
    (folder / ".master-0009.key.1.abc").write_text("a part of one that crashed")
    assert KeyRing(folder).known == (1,)


@pytest.mark.parametrize("place", [0, 11, 12, 30, -1])
def test_an_altered_wrapping_does_not_open(folder: Path, place: int) -> None:
    ring = KeyRing(folder)
    wrapped = ring.new_key(uuid4()).wrapped
    octets = bytearray(wrapped.octets)
    octets[place] ^= 1
    with pytest.raises(DocumentDamaged):
        ring.unwrap(replace(wrapped, octets=bytes(octets)))


@pytest.mark.parametrize("size", [0, 5, 12, 27, 59])
def test_a_wrapping_that_was_cut_does_not_open(folder: Path, size: int) -> None:
    ring = KeyRing(folder)
    wrapped = ring.new_key(uuid4()).wrapped
    with pytest.raises(DocumentDamaged):
        ring.unwrap(replace(wrapped, octets=wrapped.octets[:size]))


def test_a_key_does_not_open_as_the_key_of_another_job(folder: Path) -> None:
    ring = KeyRing(folder)
    wrapped = ring.new_key(uuid4()).wrapped
    with pytest.raises(DocumentDamaged, match="does not open with its master key"):
        ring.unwrap(replace(wrapped, job=uuid4()))
    with pytest.raises(DocumentDamaged):
        ring.rewrap(replace(wrapped, job=uuid4()), 1)


def test_a_job_key_keeps_its_wrapping(folder: Path) -> None:
    ring = KeyRing(folder)
    key = ring.new_key(uuid4())
    assert ring.unwrap(key.wrapped) == JobKey(key.octets, key.wrapped)

"""The rules in force are always one whole file's: the old one's until the new one is there, sound and at rest."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ippgate.observe import Event
from ippgate.policy import Decision, Outcome, RulesError, RuleSet, Stage, decide
from ippgate.policy.bound import MAX_FILE
from ippgate.rulebook import RuleBook, RuleBookSettings, _Look, read_file
from tests.rig.eventually import eventually
from tests.unit.policy.jobs import job

FAST = 0.01


def text(version: int, rules: int = 3) -> str:
    """Rules that each tag a job with the version of their file."""
    return "".join(
        f'[[rule]]\nname = "rule {number}"\ntag = "v{version}"\npriority = {number}\n'
        f"when = 'job.copies == {number} || job.copies == 1'\n"
        for number in range(1, rules + 1)
    )


def tags(rules: RuleSet) -> tuple[str, ...]:
    return decide(rules, job(), Stage.ARRIVAL).tags


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rules.toml"


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Event, dict[str, object]]]:
    found: list[tuple[Event, dict[str, object]]] = []
    monkeypatch.setattr("ippgate.rulebook.note", lambda event, **facts: found.append((event, facts)))
    return found


def book_of(file: Path, *, required: bool = False, poll: float = FAST) -> RuleBook:
    return RuleBook(RuleBookSettings(file, required, poll, settle=FAST))


@asynccontextmanager
async def running(book: RuleBook) -> AsyncIterator[RuleBook]:
    async with asyncio.TaskGroup() as group:
        watch = group.create_task(book.run())
        yield book
        watch.cancel()


def replaced(file: Path, content: str) -> None:
    """As editors do: written beside, then put in its place."""
    beside = file.with_suffix(".new")
    beside.write_text(content)
    beside.replace(file)


async def test_without_a_file_there_are_no_rules_unless_it_was_named(file: Path) -> None:
    book = book_of(file)
    assert await book.reload() == ()
    assert len(book.rules) == 0
    named = book_of(file, required=True)
    (problem,) = await named.reload()
    assert str(problem) == f"{file}: the file is not there; put it back; an empty file means no rules"
    assert _held(named)


async def test_a_file_is_taken_at_the_first_look(file: Path, noted: list[tuple[Event, dict[str, object]]]) -> None:
    _write(file, text(1))
    book = book_of(file)
    assert await book.reload() == ()
    assert tags(book.rules) == ("v1",)
    assert noted == [(Event.RULES_LOADED, {"file": str(file), "rules": 3, "digest": book.rules.digest})]
    await book.reload()
    assert len(noted) == 1


async def test_a_faulty_file_leaves_the_old_rules_in_force_and_is_noted_once(
    file: Path, noted: list[tuple[Event, dict[str, object]]]
) -> None:
    _write(file, text(1))
    book = book_of(file)
    await book.reload()
    _write(file, text(2).replace("job.copies", "job.copeis"))
    problems = await book.reload()
    assert [problem.line for problem in problems] == [5, 10, 15]
    assert book.problems == problems
    assert tags(book.rules) == ("v1",)
    await book.reload()
    assert [event for event, _ in noted] == [Event.RULES_LOADED, Event.RULES_REFUSED]
    assert noted[1][1] | {"reason": ""} == {"file": str(file), "problems": 3, "reason": "", "kept": 3}
    _write(file, text(1))
    assert await book.reload() == book.problems == ()
    assert tags(book.rules) == ("v1",)


async def test_a_gate_that_never_had_rules_it_could_use_holds_every_job_until_it_has(file: Path) -> None:
    _write(file, "[[rule]]\n")
    book = book_of(file)
    assert len(await book.reload()) == 1
    assert _held(book)
    _write(file, text(1))
    await book.reload()
    assert tags(book.rules) == ("v1",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff", "not UTF-8"),
        (b"#" * (MAX_FILE + 1), "larger than 256 KiB"),
        (b"[[rule]]\nname = 'x'\nhold =", "not TOML"),
    ],
)
async def test_what_is_no_rules_file_is_said(file: Path, content: bytes, said: str) -> None:
    _write(file, content)
    (problem,) = await book_of(file).reload()
    assert said in problem.sentence
    with pytest.raises(RulesError, match=said):
        read_file(file)


async def test_what_cannot_be_read_is_said_and_nothing_waits_for_it(file: Path) -> None:
    os.mkfifo(file)
    (problem,) = await asyncio.wait_for(book_of(file).reload(), 10)
    assert "it is no file" in problem.sentence
    _remove(file)
    _folder(file)
    assert "it is no file" in (await book_of(file).reload())[0].sentence


async def test_a_file_that_goes_leaves_its_rules_in_force(file: Path) -> None:
    _write(file, text(1))
    async with running(book_of(file)) as book:
        await eventually(lambda: tags(book.rules) == ("v1",), "the first rules")
        _remove(file)
        await eventually(lambda: book.problems, "the missing file being noticed")
        assert tags(book.rules) == ("v1",)
        _write(file, "")
        await eventually(lambda: len(book.rules) == 0, "an empty file")
        assert book.problems == ()


async def test_a_change_is_taken_without_being_asked_for(file: Path) -> None:
    async with running(book_of(file)) as book:
        await asyncio.sleep(0)
        for version in range(1, 4):
            replaced(file, text(version))
            await eventually(partial(_has, book, f"v{version}"), f"version {version}")


async def test_a_signal_is_answered_at_once(file: Path) -> None:
    _write(file, text(1))
    async with running(book_of(file, poll=3600)) as book:
        await eventually(lambda: tags(book.rules) == ("v1",), "the first rules")
        _write(file, text(2))
        book.wake()
        await eventually(lambda: tags(book.rules) == ("v2",), "the rules of the signal")


async def test_what_is_half_written_is_not_taken(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first rule of three is a sound file too: it must not take effect while the others are on their way."""
    whole = text(2).encode()
    half = whole[: len(whole) // 3]
    looks = iter([text(1).encode(), half, whole[: 2 * len(whole) // 3], whole, whole])
    monkeypatch.setattr("ippgate.rulebook._look", lambda _: _Look(next(looks)))
    book = book_of(file)
    await book.reload()
    await book.reload()
    assert (tags(book.rules), len(book.rules)) == (("v2",), 3)
    assert next(looks, None) is None


@pytest.mark.parametrize("renamed", [True, False], ids=["put in its place", "written over"])
async def test_a_file_that_is_rewritten_all_the_time_is_only_ever_seen_whole(file: Path, renamed: bool) -> None:
    """Two hundred versions, each of 20 rules, while jobs are judged: a decision is of one version and all its rules."""
    pause = 0.4  # a file at rest for so long is not being written to; half-written it is at rest for less
    _write(file, text(0, rules=20))
    done = threading.Event()

    def write() -> None:
        for version in range(1, 201):
            (replaced if renamed else _over)(file, text(version, rules=20))
            done.wait(FAST / 2)
        done.set()

    async with running(RuleBook(RuleBookSettings(file, poll=pause, settle=pause))) as book:
        await eventually(lambda: len(book.rules) == 20, "the first rules")
        writer = asyncio.create_task(asyncio.to_thread(write))
        judged = 0
        while tags(book.rules) != ("v200",):
            decision = decide(book.rules, job(), Stage.ARRIVAL)
            assert _of_one_version(decision), decision
            judged += 1
            if judged % 50 == 0:
                book.wake()
            await asyncio.sleep(FAST / 10)  # the writer shares this process
        await writer
    assert judged > 200


def _write(file: Path, content: str | bytes) -> None:
    file.write_bytes(content.encode() if isinstance(content, str) else content)


def _remove(file: Path) -> None:
    file.unlink()


def _folder(file: Path) -> None:
    file.mkdir()


def _has(book: RuleBook, tag: str) -> bool:
    return tags(book.rules) == (tag,)


def _over(file: Path, content: str) -> None:
    """Cut to nothing, then written: a reader may see half of it, at any place."""
    with file.open("w") as opened:
        opened.write(content)


def _of_one_version(decision: Decision) -> bool:
    return len(decision.tags) == 1 and len(decision.steps) == 20


async def test_a_file_that_never_rests_is_not_taken_when_asked_for_either(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = (_Look(text(version).encode(), written=version) for version in range(100))
    monkeypatch.setattr("ippgate.rulebook._look", lambda _: next(versions))
    book = book_of(file)
    assert await book.reload() == ()
    (problem,) = await book.reload()
    assert problem.sentence == "it changes all the time"
    assert tags(book.rules) == ("v0",)


async def test_reloads_at_the_same_time_do_no_harm(file: Path) -> None:
    _write(file, text(1))
    book = book_of(file)
    async with running(book):
        answers = await asyncio.gather(*(book.reload() for _ in range(20)))
    assert set(answers) == {()}
    assert tags(book.rules) == ("v1",)


def test_now_is_in_the_zone_of_the_rules(file: Path) -> None:
    clock: Callable[[], datetime] = lambda: datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # noqa: E731 - a clock that stands
    zurich = RuleBook(RuleBookSettings(file, zone=ZoneInfo("Europe/Zurich")), clock=clock).now()
    assert (zurich.hour, zurich.day) == (0, 1)
    assert RuleBook(RuleBookSettings(file)).now().tzinfo is not None


def _held(book: RuleBook) -> bool:
    decision = decide(book.rules, job(), Stage.ARRIVAL)
    return decision.outcome is Outcome.HOLD and "the rules of this printer have faults" in decision.sentence

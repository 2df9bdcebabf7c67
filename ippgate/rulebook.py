"""The rules in force: read from a file, taken whole or not at all, watched for changes. Every worker has its own.

What a half-written file says is not taken: a change counts when two looks, some time apart, saw the same, and nothing
was written between them. When a new file has problems the old rules stay in force; when there never were any that could
be used, every job is held.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from ippgate.observe import Event, note
from ippgate.policy import NO_RULES, Problem, RulesError, RuleSet, read_rules
from ippgate.policy.bound import MAX_FILE

_LOOKS = 20  # at a file that changes all the time, before a reload is given up


@dataclass(frozen=True, slots=True)
class _Look:
    """What the file was at one moment."""

    content: bytes | None = None  # None: there is none, or it cannot be read
    error: str = ""  # why it cannot be read
    written: int = 0  # when it was last written to, in nanoseconds

    def says(self, other: "_Look | None") -> bool:
        """Whether it says the same as another, whenever that was written."""
        return other is not None and (self.content, self.error) == (other.content, other.error)


@dataclass(frozen=True, slots=True)
class RuleBookSettings:
    """Where the rules are. Times in seconds."""

    file: Path
    required: bool = False  # the file was named, so it must be there; else without it there are no rules
    poll: float = 1.0  # how often the file is looked at
    settle: float = 0.2  # how long it must have stayed the same when a reload is asked for
    zone: tzinfo | None = None  # of `now`; None: the machine's


class RuleBook:
    """The service that holds the rules in force. `rules` changes from one whole set to the next, never in between."""

    def __init__(
        self, settings: RuleBookSettings, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._settings, self._clock = settings, clock
        self._rules = NO_RULES
        self._problems: tuple[Problem, ...] = ()
        self._judged: _Look | None = None  # what was last taken or refused
        self._reading = asyncio.Lock()
        self._asked = asyncio.Event()

    @property
    def rules(self) -> RuleSet:
        """The rules in force."""
        return self._rules

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps the file, as it is now, from being in force; empty: it is."""
        return self._problems

    def now(self) -> datetime:
        """The moment, in the zone in which rules speak of hours and days."""
        return self._clock().astimezone(self._settings.zone)

    async def reload(self) -> tuple[Problem, ...]:
        """Read the file now. Returns what is wrong with it; then the rules in force stay."""
        async with self._reading:
            seen = await asyncio.to_thread(_look, self._settings.file)
            for _ in range(_LOOKS if self._judged else 0):
                await asyncio.sleep(self._settings.settle)
                before, seen = seen, await asyncio.to_thread(_look, self._settings.file)
                if before == seen:
                    break
            else:
                if self._judged is not None:
                    return _fault(self._settings.file, "it changes all the time", "write it once").problems
            await self._judge(seen)
        return self._problems

    def wake(self) -> None:
        """Have `run` reload at once: for SIGHUP."""
        self._asked.set()

    async def run(self) -> None:
        """Watch the file until cancelled."""
        if self._judged is None:
            await self.reload()
        seen = self._judged
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.poll):
                    await self._asked.wait()
            if self._asked.is_set():
                self._asked.clear()
                await self.reload()
                continue
            async with self._reading:
                before, seen = seen, await asyncio.to_thread(_look, self._settings.file)
                if before == seen:
                    await self._judge(seen)

    async def _judge(self, seen: _Look) -> None:
        """Take what the file says, or say why not; once for each state of the file."""
        if seen.says(self._judged):
            return
        try:
            rules = await asyncio.to_thread(self._read, seen)
        except RulesError as error:
            self._problems = error.problems
            if self._judged is None:
                self._rules = RuleSet(file=str(self._settings.file), unusable="the rules of this printer have faults")
            note(
                Event.RULES_REFUSED,
                file=str(self._settings.file),
                problems=len(error.problems),
                reason=str(error.problems[0]),
                kept=len(self._rules),
            )
        else:
            self._problems = ()
            if rules is not self._rules:
                self._rules = rules
                note(Event.RULES_LOADED, file=str(self._settings.file), rules=len(rules), digest=rules.digest)
        self._judged = seen

    def _read(self, seen: _Look) -> RuleSet:
        if seen == _NOTHING and self._judged is None and not self._settings.required:
            return NO_RULES
        return _rules(seen, self._settings.file)


_NOTHING = _Look()


def _clock() -> datetime:
    return datetime.now(UTC)


def read_file(file: Path) -> RuleSet:
    """The rules of a file. Raises RulesError."""
    return _rules(_look(file), file)


def _rules(seen: _Look, file: Path) -> RuleSet:
    if seen == _NOTHING:
        raise _fault(file, "the file is not there", "put it back; an empty file means no rules")
    if seen.content is None:
        raise _fault(file, f"it cannot be read ({seen.error})", "check its name and its permissions")
    if len(seen.content) > MAX_FILE:
        raise _fault(file, f"the file is larger than {MAX_FILE // 1024} KiB", "name a rules file")
    try:
        text = seen.content.decode()
    except UnicodeDecodeError:
        raise _fault(file, "the file is not UTF-8", "save it as UTF-8") from None
    return read_rules(text, str(file))


def _fault(file: Path, sentence: str, remedy: str) -> RulesError:
    return RulesError([Problem(str(file), None, "", sentence, remedy)])


def _look(file: Path) -> _Look:
    """Read the file; of one that is too large a little more than may be."""
    try:
        if file.exists() and not file.is_file():
            return _Look(error="it is no file")
        with file.open("rb") as opened:
            content = opened.read(MAX_FILE + 1)
            return _Look(content, written=os.fstat(opened.fileno()).st_mtime_ns)
    except FileNotFoundError:
        return _NOTHING
    except OSError as error:
        return _Look(error=(error.strerror or str(error)).lower())

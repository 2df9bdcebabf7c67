"""A private cupsd: the gate's client (`lpadmin -m everywhere`, `lp`), a device behind the gate, the peer to measure.

It has its own configuration, spool, backends and log, answers on a port of 127.0.0.1, lets everybody do everything,
and neither looks for printers nor announces any.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from tests.rig.cups_clients import CupsClients, Options, words_of
from tests.rig.cupsd_files import FILES, PAGE_LOG, SOCKET, USER, configure, program_folder
from tests.rig.eventually import PATIENCE, DeadlineError, eventually
from tests.rig.ipptool import ipptool
from tests.rig.process import Process
from tests.rig.where import answers, directory, free_port

BENCH_SERVER = ("LogLevel error", "AccessLogLevel config", "MaxJobs 0", "MaxHoldTime 0", "MaxClients 1000")
BENCH_FILES = ("SyncOnClose Yes",)
"""The peer of the benchmark: without SyncOnClose it promises less than the gate does."""

DESCRIBING = 45.0
"""Seconds: cupsd tries for 30 to reach a driverless printer before it says that it cannot."""

JobState = Literal["pending", "pending-held", "processing", "processing-stopped", "canceled", "aborted", "completed"]
JOB_STATES: dict[int, JobState] = {
    3: "pending",
    4: "pending-held",
    5: "processing",
    6: "processing-stopped",
    7: "canceled",
    8: "aborted",
    9: "completed",
}
"""RFC 8011 section 5.3.7."""
ENDED: tuple[JobState, ...] = ("canceled", "aborted", "completed")

GET_JOB = """\
{
  NAME "job"
  OPERATION Get-Job-Attributes
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR integer job-id $job
  ATTR name requesting-user-name $user
}
"""


@dataclass(frozen=True, slots=True)
class CupsJob:
    """How cupsd sees a job."""

    id: int
    state: JobState
    reasons: tuple[str, ...]
    impressions: int
    message: str


class Cupsd(CupsClients):
    """One cupsd under `root`; `server` and `files` are further lines of cupsd.conf and cups-files.conf.

    With `recording` the bytes that its backends read (what it sends to devices) are kept: see `sent`.
    """

    def __init__(
        self, root: Path, *, server: Sequence[str] = (), files: Sequence[str] = (), recording: bool = False
    ) -> None:
        self._root = directory(root)
        self.port = free_port()
        super().__init__(f"127.0.0.1:{self.port}", directory(root / "home"))
        self._sent = directory(root / "sent", owner=USER)
        programs = program_folder(directory(root / "lib"), self._sent if recording else None)
        configuration = configure(root, self.port, programs, server, files)
        self._process = Process(
            f"cupsd {root.name}",
            ["cupsd", "-f", "-c", configuration, "-s", configuration.with_name(FILES)],
            log=root / "cupsd.log",
            ready=lambda: answers(self.port),
            env=self._env,
        )

    @classmethod
    def for_bench(cls, root: Path) -> Self:
        """Return the cupsd to measure against: every accepted document synced, quiet log, no bound on jobs."""
        return cls(root, server=BENCH_SERVER, files=BENCH_FILES)

    @property
    def socket(self) -> Path:
        """Its Unix socket, also a host for clients."""
        return self._root / SOCKET

    def uri(self, queue: str) -> str:
        """Return the queue as an IPP printer, for a client or as a device of the gate."""
        return f"ipp://{self.host}/printers/{queue}"

    def url(self, queue: str) -> str:
        """Return the queue as wrk wants it."""
        return f"http://{self.host}/printers/{queue}"

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.alive

    def start(self) -> Self:
        self._process.start()
        return self

    def stop(self) -> None:
        """End it; queues and jobs stay."""
        self._process.stop()

    def restart(self) -> None:
        """Stop and start, at the same port."""
        self.stop()
        self.start()

    def kill(self) -> None:
        self._process.kill()

    async def lpadmin(
        self, name: str, uri: str, *, everywhere: bool = False, model: str = "raw", options: Options = ()
    ) -> None:
        """Add or change a queue that prints to `uri`: driverless when `everywhere`, else with `model`; enabled.

        cupsd asks a driverless printer only after lpadmin has ended: this waits for that, too, and raises
        AssertionError with cupsd's sentence when it fails.
        """
        known, before = self._ppd_time(name), len(self._process.log.read_bytes())
        driver = "everywhere" if everywhere else model
        await self._client("lpadmin", "-p", name, "-E", "-v", uri, "-m", driver, *words_of(options))
        if not everywhere:
            return

        def settled() -> bool:
            if refusal := self._error_about(name, before):
                raise AssertionError(f"lpadmin -m everywhere of {uri}: {refusal}")
            return self._ppd_time(name) != known

        await eventually(settled, f"cupsd to describe {uri}", within=DESCRIBING)

    def ppd(self, queue: str) -> str:
        """Return how cupsd describes a driverless queue to its clients."""
        return (self._root / "etc" / "ppd" / f"{queue}.ppd").read_text()

    def _ppd_time(self, queue: str) -> int:
        path = self._root / "etc" / "ppd" / f"{queue}.ppd"
        return path.stat().st_mtime_ns if path.exists() else 0

    def _error_about(self, queue: str, since: int) -> str | None:
        text = self._process.log.read_bytes()[since:].decode(errors="replace")
        found = re.search(rf"^E \[[^]]*\] {re.escape(queue)}: (.*)$", text, re.MULTILINE)
        return found[1] if found else None

    async def job(self, job: int) -> CupsJob:
        """Ask for a job."""
        found = await ipptool(f"ipp://{self.host}/", GET_JOB, variables={"job": str(job)})
        if not found.passed:
            raise AssertionError(f"cupsd knows no job {job}: {found}")
        said = found.answer
        return CupsJob(
            id=job,
            state=JOB_STATES[said["job-state"]],
            reasons=tuple(_listed(said["job-state-reasons"])),
            impressions=said.get("job-impressions-completed", 0),
            message=said.get("job-printer-state-message", ""),
        )

    async def job_state(self, job: int) -> JobState:
        """Ask for a job's state by its IPP keyword."""
        return (await self.job(job)).state

    async def wait_for(self, job: int, *states: JobState, within: float = 2 * PATIENCE) -> CupsJob:
        """Wait until a job is in one of `states` (by default: has ended); raise DeadlineError with its last state."""
        wanted = states or ENDED
        seen = await self.job(job)

        async def there() -> bool:
            nonlocal seen
            seen = await self.job(job)
            return seen.state in wanted

        try:
            await eventually(there, f"job {job} to be {' or '.join(wanted)}", within=within, every=0.1)
        except DeadlineError as error:
            raise DeadlineError(error.what, within, seen) from error
        return seen

    def sent(self, job: int) -> bytes:
        """Return the bytes that the backend of a job read; the cupsd must be `recording`."""
        return (self._sent / str(job)).read_bytes()

    def page_log(self) -> list[str]:
        """Return the accounting lines: queue, user, job, page, copies, impressions, job name."""
        path = self._root / PAGE_LOG
        return path.read_text(errors="replace").splitlines() if path.exists() else []

    def error_log(self, lines: int = 200) -> str:
        """Return the end of its debug log."""
        return self._process.tail(lines)

    def __enter__(self) -> Self:
        return self if self.alive else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _listed(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]

"""The gate is killed at every edge of a delivery. Each job is then printed once, or held and said; none twice."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from ippgate.app.gate import Gate
from ippgate.ipp import JobState, Operation
from ippgate.model.job import Job
from tests.integration.gates import ALICE, hold_queue, job_of, papers, register, serving, submit, until
from tests.rig.documents import random_document
from tests.rig.hostile_device import HostileDevice
from tests.rig.sink import Sink

SIZE = 2_500_000
COMPLETED, HELD = JobState.COMPLETED, JobState.PENDING_HELD

ONCE = (COMPLETED, 1, "")
UNKNOWN_PRINTED, UNKNOWN = (HELD, 1, "outcome unknown"), (HELD, 0, "outcome unknown")
HELD_AGAIN = (HELD, 0, "aborted the job")

EXPECTED = {
    "raw": {
        "claimed": ONCE,
        "connected": ONCE,
        "started": UNKNOWN,
        "half": UNKNOWN,
        "sent": UNKNOWN_PRINTED,
        "ended": UNKNOWN_PRINTED,
        "settled": ONCE,
    },
    "ipp": {
        "claimed": ONCE,
        "connected": ONCE,
        "started": ONCE,
        "half": HELD_AGAIN,
        "sent": ONCE,
        "accepted": ONCE,
        "ended": ONCE,
        "settled": ONCE,
    },
    "ipp print-job": {
        "claimed": ONCE,
        "connected": ONCE,
        "started": ONCE,
        "half": HELD_AGAIN,
        "sent": ONCE,
        "accepted": ONCE,
        "ended": ONCE,
        "settled": ONCE,
    },
}
"""Device and edge at which the gate is killed → the job's state, how often its document came out, what is said."""

Fate = tuple[JobState, int, str]


async def test_each_job_is_printed_once_or_held_and_said(
    gates: Callable[..., Awaitable[Gate]], gate_dsn: str, tmp_path: Path
) -> None:
    gate = await gates()
    async with AsyncExitStack() as stack:
        jobs: dict[tuple[str, str], Job] = {}
        counts: dict[tuple[str, str], Callable[[], int]] = {}
        queue = await hold_queue(gate)
        for kind, edges in EXPECTED.items():
            for edge in edges:
                document = random_document(SIZE, seed=len(jobs))
                name = f"printer-{len(jobs)}"
                uri, counts[kind, edge] = await _device(stack, kind, document)
                await register(gate, uri, name)
                job = await submit(gate, queue, document, name=f"{edge} {kind}")
                jobs[kind, edge] = await gate.release.release(job.id, ALICE, name)
        await _killed_when_all_have_come_to_their_edge(gate_dsn, tmp_path, {f"{e} {k}" for k, e in jobs})
        heir = await gates()
        async with serving(heir):
            for key, job in jobs.items():
                await until(heir, job, EXPECTED[key[0]][key[1]][0])
        fates: dict[str, dict[str, Fate]] = {kind: {} for kind in EXPECTED}
        for (kind, edge), job in jobs.items():
            after, said = await job_of(heir, job), EXPECTED[kind][edge][2]
            assert said in after.message, (kind, edge, after)
            fates[kind][edge] = (after.state, counts[kind, edge](), said)
    assert fates == EXPECTED


async def _killed_when_all_have_come_to_their_edge(dsn: str, home: Path, names: set[str]) -> None:
    words = (sys.executable, "-m", "tests.integration.delivery.doomed_worker", dsn, str(home))
    worker = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    assert worker.stdout is not None
    try:
        async with asyncio.timeout(60):
            while names:
                line = await worker.stdout.readline()
                assert line, f"the worker ended by itself; {names} were still to come"
                names.discard(line.decode().strip())
    except TimeoutError:
        raise AssertionError(f"{names} never came to their edge") from None
    finally:
        worker.kill()
        await worker.wait()


async def _device(stack: AsyncExitStack, kind: str, document: bytes) -> tuple[str, Callable[[], int]]:
    """A device of its own, and how often it has printed the document."""
    if kind == "raw":
        sink = await stack.enter_async_context(Sink())
        return sink.uri, lambda: sum(paper.data == document for paper in papers(sink))
    device = await stack.enter_async_context(HostileDevice())
    if kind == "ipp print-job":
        spared = (Operation.CREATE_JOB, Operation.SEND_DOCUMENT)
        device.printer.operations = tuple(one for one in device.printer.operations if one not in spared)
    return device.uri, lambda: sum(
        job.state is COMPLETED and job.document.data == document for job in device.jobs.values()
    )

"""`make run` on a fresh machine: what it says to do next works as it stands there, and nothing is lost between runs."""

import os
import re
import shlex
import signal
from pathlib import Path

import pytest

from tests.rig.command import Finished, run
from tests.rig.cups_clients import CupsClients
from tests.rig.cupsd import Cupsd
from tests.rig.documents import LONG_PDF, PDF
from tests.rig.eventually import eventually
from tests.rig.gate import COMMAND, SOURCES, Gate
from tests.rig.where import directory

# The dependencies are there already, or no test would run: make need not look for them on the network.
MAKE_RUN = ("make", "--no-print-directory", "--old-file=.venv/run.stamp", "run")


@pytest.fixture
def gate(rig_dir: Path) -> Gate:
    """Not started yet; its home is new."""
    return Gate(rig_dir, serve=MAKE_RUN)


def line(gate: Gate, beginning: str) -> list[str]:
    """The words of a command that `make run` has printed."""
    found = re.findall(rf"^ .*?  ({re.escape(beginning)}.*)$", gate.said(), re.MULTILINE)
    assert found, gate.said()
    return shlex.split(found[-1])


async def operator(gate: Gate, words: list[str]) -> Finished:
    """Run a printed command in the folder of the sources, as somebody in a second terminal does."""
    return await run(*words, env=gate.env, cwd=SOURCES)


async def printed(gate: Gate, count: int) -> list[Path]:
    """What has come out, once there is so much of it, in order of its names."""
    folder = gate.home / "printed"

    def out() -> list[Path]:
        found = sorted(folder.glob("*.pdf"))
        return found if len(found) == count else []

    return await eventually(out, f"{count} documents")


async def test_the_story_of_make_run(gate: Gate, cupsd: Cupsd, rig_dir: Path) -> None:
    async with gate:
        assert gate.said().count(gate.uri("followme")) == 2
        lp, lpadmin = line(gate, "lp "), line(gate, "lpadmin ")
        clients = CupsClients(lp[lp.index("-h") + 1], directory(rig_dir / "clients"))
        assert await clients.lp(lp[lp.index("-d") + 1], PDF, user="anna", title="A page") == 1
        assert lpadmin == ["lpadmin", "-p", "followme", "-E", "-v", gate.uri("followme"), "-m", "everywhere"]
        await cupsd.lpadmin("followme", lpadmin[5], everywhere=True)
        second = await cupsd.lp("followme", LONG_PDF, user="anna")
        await cupsd.wait_for(second, "completed")

        listed = await operator(gate, line(gate, ".venv/bin/ippgate job list"))
        assert re.search(r"^ *1 +followme +anna +A page +pending-held ", listed.out, re.MULTILINE), listed
        release = line(gate, ".venv/bin/ippgate job release")
        assert (await operator(gate, release)).out.startswith("Job 1 is pending at demo")
        [page] = await printed(gate, 1)
        assert page.read_bytes() == PDF.read_bytes()
        assert line(gate, str(gate.home / "printed"))

        os.kill(gate.workers[0], signal.SIGINT)
        assert await gate.ended() == 0
        assert gate.postmaster is None
        assert gate.log("server.draining", "worker.stopped")

        await gate.start()  # a second `make run`
        [held] = await gate.told("job", "list")
        assert (held["id"], held["state"], held["user"]) == (2, "pending-held", "anna")
        assert [job["state"] for job in await gate.told("job", "list", "--all")] == ["pending-held", "completed"]
        await operator(gate, [*release[:3], "2", *release[4:]])
        _, pages = await printed(gate, 2)
        assert pages.read_bytes() == cupsd.sent(second)
        os.killpg(gate.pid, signal.SIGINT)  # Ctrl-C reaches make as well
        await gate.ended()
        assert len(gate.log("worker.stopped")) == 2
        assert gate.postmaster is None


async def test_a_wrong_configuration_is_said_whole_and_nothing_starts(gate: Gate) -> None:
    wrong = {
        "IPPGATE_PORT": "seventy",
        "IPPGATE_DELIVERY_LEASE": "1 year",
        "IPPGATE_LOG_LEVEL": "loud",
        "IPPGATE_PROT": "1",
    }
    done = await run(*COMMAND, "serve", "--demo", env={**gate.env, **wrong}, check=False)
    assert (done.code, done.out) == (1, ""), done
    told = done.err.splitlines()
    assert len(told) == len(wrong), done
    assert all(sum(name in sentence for sentence in told) >= 1 for name in wrong), done
    assert all(sentence.startswith("ippgate: ") for sentence in told)
    assert list(gate.home.iterdir()) == []

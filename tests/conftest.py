"""Fixtures: the peers of the rig, started when a test asks for one, and their logs shown when it fails.

Programs are plain fixtures, servers inside this process are async ones. What is slow to start is shared by the whole
run: a test that stops a shared database starts it again, or asks for its own with `databases`.
"""

from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.rig.avahi import Avahi
from tests.rig.cupsd import Cupsd
from tests.rig.database import UNSYNCED, Cluster
from tests.rig.embedded import Embedded18
from tests.rig.ippeveprinter import IppEvePrinter
from tests.rig.postgres15 import Postgres15
from tests.rig.process import Process
from tests.rig.sink import Sink
from tests.rig.where import directory, rig_root

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")  # what a slow or busy machine needs is no finding

CLUSTERS: dict[str, type[Embedded18 | Postgres15]] = {"embedded18": Embedded18, "postgres15": Postgres15}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the peers said beside the failure."""
    report = yield
    if report.failed:
        for process in sorted(Process.running, key=lambda running: running.name):
            report.sections.append((f"log of {process.name}", process.tail()))
    return report


@pytest.fixture(scope="session")
def rig() -> Iterator[Path]:
    """A directory for the whole run that daemons can reach."""
    with rig_root() as root:
        yield root


@pytest.fixture(scope="session")
def _numbers() -> Iterator[int]:
    return count(1)


@pytest.fixture
def rig_dir(rig: Path, _numbers: Iterator[int]) -> Path:
    """A directory for one test that daemons can reach, with a path short enough for Unix sockets."""
    return directory(rig / str(next(_numbers)))


@pytest.fixture(scope="session")
def avahi(rig: Path) -> Iterator[Avahi]:
    with Avahi(rig / "avahi") as avahi:
        yield avahi


@pytest.fixture
def cupsd(rig_dir: Path) -> Iterator[Cupsd]:
    """A private cupsd which records what it sends to devices."""
    with Cupsd(rig_dir / "cupsd", recording=True) as cupsd:
        yield cupsd


@pytest.fixture
def second_cupsd(rig_dir: Path) -> Iterator[Cupsd]:
    """Another one, as a device behind the gate."""
    with Cupsd(rig_dir / "cupsd2", recording=True) as cupsd:
        yield cupsd


@pytest.fixture
def printers(rig_dir: Path, avahi: Avahi) -> Iterator[Callable[..., IppEvePrinter]]:
    """Starts ippeveprinters: call it with IppEvePrinter's keyword arguments."""
    with ExitStack() as stack:
        numbers = count(1)

        def start(**settings: Any) -> IppEvePrinter:
            root = directory(rig_dir / f"printer{next(numbers)}")
            return stack.enter_context(IppEvePrinter(root, avahi, **settings))

        yield start


@pytest.fixture
def ippeveprinter(printers: Callable[..., IppEvePrinter]) -> IppEvePrinter:
    """A printer that prints every document at once, as one page."""
    return printers()


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    """A raw 9100 device in good health."""
    async with Sink() as sink:
        yield sink


@pytest.fixture(scope="session")
def embedded18(rig: Path) -> Iterator[Embedded18]:
    """The embedded PostgreSQL 18, shared; start it again if you stop it."""
    with Embedded18(directory(rig / "pg18"), settings=UNSYNCED) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres15(rig: Path) -> Iterator[Postgres15]:
    """Debian's PostgreSQL 15, shared; start it again if you stop it."""
    with Postgres15(directory(rig / "pg15"), settings=UNSYNCED) as cluster:
        yield cluster


@pytest.fixture(params=sorted(CLUSTERS))
def any_database(request: pytest.FixtureRequest) -> Cluster:
    """Both shared databases, one after the other."""
    cluster = request.getfixturevalue(request.param)
    assert isinstance(cluster, Cluster)
    return cluster


@pytest.fixture
def dsn(embedded18: Embedded18) -> str:
    """An empty database of its own on the shared PostgreSQL 18."""
    return embedded18.new_database()


@pytest.fixture
def any_dsn(any_database: Cluster) -> str:
    """An empty database of its own, on the shared 18 and on the shared 15."""
    return any_database.new_database()


@pytest.fixture
def databases(rig_dir: Path) -> Iterator[Callable[..., Cluster]]:
    """Starts clusters of a test's own: call it with "embedded18" or "postgres15", and settings of PostgreSQL."""
    with ExitStack() as stack:
        numbers = count(1)

        def start(kind: str = "embedded18", settings: Mapping[str, str] = UNSYNCED) -> Cluster:
            root = directory(rig_dir / f"pg{next(numbers)}")
            return stack.enter_context(CLUSTERS[kind](root, settings=settings))

        yield start

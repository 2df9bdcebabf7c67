"""Figures that stand rather than run: jobs and devices by state, subscriptions, whether the database answers.

They are the same for every worker, so whoever is asked tells what it last heard from the database.
"""

from collections.abc import Iterable, Mapping

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

DEVICE_LIMIT = 10_000
"""Devices that are shown one by one."""


class Standing(Collector):
    """A collector over the values that were set last; what is not known is not shown."""

    def __init__(self, version: str) -> None:
        self._version = version
        self.jobs: Mapping[str, int] = {}
        """State → how many."""
        self.devices: Mapping[str, str] = {}
        """Name → state."""
        self.subscriptions: Mapping[str, int] = {}
        """What they are of, printer or job → how many."""
        self.database_up: bool | None = None

    def forget(self) -> None:
        """The database does not answer: old figures would pass for new ones."""
        self.jobs, self.devices, self.subscriptions, self.database_up = {}, {}, {}, False

    def collect(self) -> Iterable[Metric]:
        """Answer the registry."""
        yield InfoMetricFamily("ippgate", "The running gate.", {"version": self._version})
        if self.database_up is not None:
            yield GaugeMetricFamily("ippgate_database_up", "1 when PostgreSQL answers.", float(self.database_up))
        jobs = GaugeMetricFamily("ippgate_jobs", "Jobs that are not ended.", labels=("state",))
        for state, number in self.jobs.items():
            jobs.add_metric((state,), number)
        yield jobs
        subscriptions = GaugeMetricFamily("ippgate_subscriptions", "Subscriptions to events.", labels=("of",))
        for kind, number in self.subscriptions.items():
            subscriptions.add_metric((kind,), number)
        yield subscriptions
        devices = GaugeMetricFamily(
            "ippgate_device_state", "1 for the state of each device.", labels=("device", "state")
        )
        for (device, state), _ in zip(self.devices.items(), range(DEVICE_LIMIT), strict=False):
            devices.add_metric((device, state), 1)
        yield devices

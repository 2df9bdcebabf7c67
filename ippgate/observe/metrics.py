"""Counters, histograms and gauges for monitoring systems, in Prometheus' format.

One `Metrics` for each worker process, handed to the services and doors that count. With several workers the figures
live in files that all of them read (`shared`), so any worker answers for all; see `workers`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
    values,
)
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.multiprocess import MultiProcessCollector

from ippgate import __version__
from ippgate.observe.standing import Standing

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SHARED_BY = "PROMETHEUS_MULTIPROC_DIR"
SERIES_LIMIT = 1000
"""Label combinations of one metric; what comes after them is counted as `other`."""
REQUEST_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
DELIVERY_BUCKETS = (0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600)

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, of use to nobody here

_Kind = TypeVar("_Kind", bound=MetricWrapperBase)


class Metrics:
    """What this worker counts. Every method takes a few microseconds."""

    def __init__(self, shared: Path | None = None) -> None:
        """`shared`: the folder through which several workers share their figures; None: this process stands alone."""
        self._shared = shared
        _choose_storage(shared)
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "ippgate_ipp_requests", "IPP requests answered.", ("operation", "status"), registry=registry
        )
        self._request_seconds = Histogram(
            "ippgate_ipp_request_seconds",
            "From the head of an IPP request to its answer, the document's arrival included.",
            ("operation",),
            buckets=REQUEST_BUCKETS,
            registry=registry,
        )
        self._accepted = Counter("ippgate_jobs_accepted", "Jobs taken.", ("queue",), registry=registry)
        self._refused = Counter(
            "ippgate_jobs_refused", "Jobs and documents that were not taken.", ("reason",), registry=registry
        )
        self._received = Counter("ippgate_document_received_octets", "Octets of documents taken.", registry=registry)
        self._sent = Counter("ippgate_document_sent_octets", "Octets of documents sent to devices.", registry=registry)
        self._deliveries = Counter("ippgate_deliveries", "Deliveries that ended.", ("outcome",), registry=registry)
        self._delivery_seconds = Histogram(
            "ippgate_delivery_seconds",
            "From the start of a delivery to its end, the device's printing included.",
            buckets=DELIVERY_BUCKETS,
            registry=registry,
        )
        self._connections = Gauge(
            "ippgate_database_connections",
            "Connections to PostgreSQL.",
            ("state",),
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._waiting = Gauge(
            "ippgate_clients_waiting",
            "Clients that wait for notices.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._series: dict[tuple[MetricWrapperBase, tuple[str, ...]], Any] = {}
        self._counted: dict[MetricWrapperBase, int] = {}
        self.standing = Standing(__version__)
        if shared is None:
            registry.register(self.standing)
            ProcessCollector(registry=registry)

    def ipp_request(self, operation: str, status: str, seconds: float) -> None:
        """An IPP request was answered. Both names are keywords of the registry, or `unknown`."""
        self._of(self._requests, operation, status).inc()
        self._of(self._request_seconds, operation).observe(seconds)

    def job_accepted(self, queue: str, octets: int) -> None:
        """A job is taken for good, with so many octets of documents."""
        self._of(self._accepted, queue).inc()
        self._received.inc(octets)

    def job_refused(self, reason: str) -> None:
        """A job or document was not taken; `reason` is a keyword."""
        self._of(self._refused, reason).inc()

    def sent(self, octets: int) -> None:
        """Octets of a document that a device has taken."""
        self._sent.inc(octets)

    def delivery_ended(self, outcome: str, seconds: float) -> None:
        """A delivery is over; `outcome` is a keyword: completed, held, canceled, aborted, unknown, damaged."""
        self._of(self._deliveries, outcome).inc()
        self._delivery_seconds.observe(seconds)

    def pool(self, idle: int, size: int) -> None:
        """How this worker's connections to the database stand."""
        self._of(self._connections, "idle").set(idle)
        self._of(self._connections, "in_use").set(size - idle)

    def clients_waiting(self, number: int) -> None:
        """So many clients wait for notices at this worker."""
        self._waiting.set(number)

    def render(self) -> bytes:
        """Everything, in the text format 0.0.4; of all workers when they share."""
        if self._shared is None:
            return generate_latest(self._registry)
        everybody = CollectorRegistry()
        MultiProcessCollector(everybody, str(self._shared))  # type: ignore[no-untyped-call]  # the library's
        everybody.register(self.standing)
        return generate_latest(everybody)

    def counts(self) -> Mapping[str, float]:
        """Every sample of this worker by its name and labels, for tests and for `doctor`."""
        return {
            f"{sample.name}{dict(sample.labels) or ''}": sample.value
            for metric in self._registry.collect()
            for sample in metric.samples
        }

    def _of(self, metric: _Kind, *labels: str) -> _Kind:
        """The series with these labels, found without the library's checks after the first time."""
        series: _Kind | None = self._series.get((metric, labels))
        if series is None:
            number = self._counted[metric] = self._counted.get(metric, 0) + 1
            if number > SERIES_LIMIT:
                return metric.labels(*("other" for _ in labels))
            series = self._series[metric, labels] = metric.labels(*labels)
        return series


def _choose_storage(shared: Path | None) -> None:
    """Numbers live in this process, or in files of the shared folder; the library asks the environment and a global."""
    if shared is None:
        os.environ.pop(SHARED_BY, None)
    else:
        os.environ[SHARED_BY] = str(shared)
    if (shared is not None) != values.ValueClass._multiprocess:  # noqa: SLF001 - the library's only mark of its mode
        values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]  # the library's

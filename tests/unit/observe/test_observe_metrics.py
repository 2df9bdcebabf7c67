"""Monitoring sees what happened, of one worker or of all, at a bounded cost."""

import contextlib
import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ippgate.observe import workers
from ippgate.observe.metrics import SERIES_LIMIT, Metrics
from tests.rig.yardstick import turns


def samples(text: bytes) -> dict[str, float]:
    return {
        sample.name + ("".join(f"[{key}={value}]" for key, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def work(metrics: Metrics) -> None:
    metrics.ipp_request("print-job", "successful-ok", 0.004)
    metrics.job_accepted("followme", 65536)
    metrics.job_refused("server-error-busy")
    metrics.sent(500)
    metrics.delivery_ended("completed", 2)
    metrics.pool(3, 10)


WORKED = {
    "ippgate_ipp_requests_total[operation=print-job][status=successful-ok]": 1,
    "ippgate_ipp_request_seconds_count[operation=print-job]": 1,
    "ippgate_ipp_request_seconds_bucket[le=0.0025][operation=print-job]": 0,
    "ippgate_ipp_request_seconds_bucket[le=0.005][operation=print-job]": 1,
    "ippgate_jobs_accepted_total[queue=followme]": 1,
    "ippgate_jobs_refused_total[reason=server-error-busy]": 1,
    "ippgate_document_received_octets_total": 65536,
    "ippgate_document_sent_octets_total": 500,
    "ippgate_deliveries_total[outcome=completed]": 1,
    "ippgate_delivery_seconds_sum": 2,
    "ippgate_database_connections[state=idle]": 3,
    "ippgate_database_connections[state=in_use]": 7,
}


def test_one_worker_tells_what_it_did_and_what_it_needs() -> None:
    metrics = Metrics()
    work(metrics)
    seen = samples(metrics.render())
    assert WORKED.items() <= seen.items()
    assert seen["process_resident_memory_bytes"] > 1 << 20


def test_standing_figures_are_shown_as_they_were_last_heard_and_not_when_unknown() -> None:
    metrics = Metrics()
    assert "ippgate_database_up" not in samples(metrics.render())
    metrics.standing.jobs = {"pending-held": 4}
    metrics.standing.devices = {'cop"ier\n': "stopped"}
    metrics.standing.database_up = True
    seen = samples(metrics.render())
    assert seen["ippgate_jobs[state=pending-held]"] == 4
    assert seen['ippgate_device_state[device=cop"ier\n][state=stopped]'] == 1
    assert seen["ippgate_database_up"] == 1
    metrics.standing.forget()
    seen = samples(metrics.render())
    assert seen["ippgate_database_up"] == 0
    assert not [name for name in seen if name.startswith(("ippgate_jobs[", "ippgate_device_state"))]


def test_hostile_labels_end_in_one_series() -> None:
    metrics = Metrics()
    for number in range(SERIES_LIMIT + 100):
        metrics.job_refused(f"reason-{number}")
    seen = samples(metrics.render())
    assert seen["ippgate_jobs_refused_total[reason=other]"] == 100
    assert len([name for name in seen if name.startswith("ippgate_jobs_refused_total")]) == SERIES_LIMIT + 1


def _worker(shared: Path, rig: Connection) -> None:
    metrics = Metrics(shared)
    work(metrics)
    rig.send("ready")
    with contextlib.suppress(EOFError):
        rig.recv()


def test_any_worker_answers_for_all_and_a_dead_one_leaves_only_what_it_counted(tmp_path: Path) -> None:
    shared = workers.begin(tmp_path)
    spawn = multiprocessing.get_context("spawn")
    pipes = [spawn.Pipe() for _ in range(2)]
    others = [spawn.Process(target=_worker, args=(shared, theirs)) for _, theirs in pipes]
    for other in others:
        other.start()
    try:
        assert all(ours.poll(30) and ours.recv() == "ready" for ours, _ in pipes)
        metrics = Metrics(shared)
        try:
            work(metrics)
            metrics.standing.jobs = {"pending-held": 4}
            seen = samples(metrics.render())
            assert {name: 3 * value for name, value in WORKED.items()}.items() <= seen.items()
            assert seen["ippgate_jobs[state=pending-held]"] == 4
            others[0].kill()
            others[0].join(30)
            workers.forget(shared, others[0].pid or 0)
            seen = samples(metrics.render())
            assert seen["ippgate_jobs_accepted_total[queue=followme]"] == 3
            assert seen["ippgate_database_connections[state=idle]"] == 6
        finally:
            Metrics()  # back to figures of one process, for the tests that follow
    finally:
        for ours, theirs in pipes:
            theirs.close()
            ours.close()  # what its worker waits for
        for other in others:
            other.join(30)
    again = workers.begin(tmp_path)
    assert again == shared
    assert list(again.iterdir()) == []


def test_a_count_costs_little() -> None:
    """The bound is ten times what was measured: it still finds a blunder."""
    metrics = Metrics()

    def hundred() -> None:
        for _ in range(100):
            metrics.ipp_request("print-job", "successful-ok", 0.004)
            metrics.job_accepted("followme", 65536)

    assert turns(hundred) / 100 < 2500


@pytest.mark.parametrize("name", ["ippgate_jobs_accepted_total", "ippgate_deliveries_total", "ippgate_jobs"])
def test_each_metric_is_explained(name: str) -> None:
    text = Metrics().render().decode()
    assert f"# HELP {name} " in text
    assert f"# TYPE {name} " in text

"""What operators do, on the real thing: queues, devices, jobs and keys, with the server up and down."""

import asyncio
import hashlib
import json
import re
import socket
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import cast

from tests.integration.cli.conftest import Operator, new_operator
from tests.rig.cups_lpd import CupsLpd
from tests.rig.cupsd import Cupsd
from tests.rig.documents import PDF, random_document
from tests.rig.eventually import eventually
from tests.rig.ipptool import ipptool
from tests.rig.process import Process
from tests.rig.sink import Sink, SinkJob

Serving = Callable[..., Process]


async def furnished(operator: Operator, sink: Sink) -> None:
    """Migrate, add a queue and register the sink."""
    await operator("db", "migrate")
    await operator("queue", "add", "followme", "--info", "Held until you release it")
    await operator("device", "add", "sink", sink.uri, "--no-pjl")


async def printed(operator: Operator, document: Path = PDF, user: str = "jake") -> None:
    """Print a document to the queue, as a client does."""
    verdicts = await ipptool(operator.uri(), "print-job.test", document=document, user=user)
    assert not verdicts.failed, str(verdicts)


async def documents(sink: Sink, count: int) -> list[SinkJob]:
    """Wait until so many documents have come whole; connections without one are looks at the device."""

    def whole() -> list[SinkJob]:
        return [job for job in sink.jobs if job.ended == "whole" and job.size]

    await eventually(lambda: len(whole()) >= count, f"{count} documents at the sink", within=30)
    return whole()


async def story(operator: Operator, job_id: int, state: str) -> dict[str, object]:
    """Wait until the job is in that state; return what `job show` tells."""

    async def there() -> dict[str, object] | None:
        told = await operator.json("job", "show", job_id)
        return told if told["state"] == state else None

    found = await eventually(there, f"job {job_id} to be {state}", within=30)
    assert found is not None
    return found


def metrics(operator: Operator) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{operator.port}/metrics", timeout=10) as answer:
        text: str = answer.read().decode()
        return text


def sample(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


async def test_a_job_goes_from_the_queue_to_the_device_and_its_story_is_told(
    operator: Operator, serving: Serving, sink: Sink
) -> None:
    operator.processes = True
    await furnished(operator, sink)
    serving()
    await printed(operator)
    [job] = await operator.json("job", "list")
    assert (job["state"], job["user"], job["octets"]) == ("pending-held", "jake", PDF.stat().st_size)

    done = await operator("job", "release", job["id"], "--device", "sink")
    assert done.out.startswith(f"Job {job['id']} is pending at sink")
    [received] = await documents(sink, 1)
    assert received.sha256 == hashlib.sha256(PDF.read_bytes()).hexdigest()

    told = await story(operator, job["id"], "completed")
    assert told["device"] == "sink"
    assert "queued-in-device" in cast("list[str]", told["reasons"])
    attempts = told["attempts"]
    assert isinstance(attempts, list)
    assert [(attempt["device"], attempt["outcome"]) for attempt in attempts] == [("sink", "complete")]
    assert await operator.json("job", "list") == []
    assert [job["id"] for job in await operator.json("job", "list", "--all")] == [job["id"]]
    assert await operator.json("job", "purge") == {"purged": 1}
    assert await operator.refused("job", "show", job["id"]) == f"there is no job {job['id']}"


async def test_commands_work_while_the_server_is_down_and_it_finds_what_they_did(
    operator: Operator, serving: Serving, sink: Sink
) -> None:
    await furnished(operator, sink)
    server = serving()
    for _ in range(3):
        await printed(operator)
    assert server.stop() == 0

    first, second, third = [job["id"] for job in await operator.json("job", "list", "--user", "jake")]
    [released] = await operator.json("job", "release", first, "--device", "sink")
    [canceled] = await operator.json("job", "cancel", second)
    assert (released["state"], canceled["state"]) == ("pending", "canceled")
    assert await documents(sink, 0) == []

    serving()
    await documents(sink, 1)
    await story(operator, first, "completed")
    assert [job["id"] for job in await operator.json("job", "list")] == [third]


async def test_all_of_a_person_s_jobs_are_released_and_nobody_else_s(
    operator: Operator, serving: Serving, sink: Sink
) -> None:
    await furnished(operator, sink)
    serving()
    for user in ("jake", "eve", "jake"):
        await printed(operator, user=user)
    released = await operator.json("job", "release", "--all", "--user", "jake", "--device", "sink")
    assert len(released) == 2
    await documents(sink, 2)
    assert [job["user"] for job in await operator.json("job", "list", "--state", "pending-held")] == ["eve"]


async def test_jobs_held_before_a_rotation_of_the_master_key_print_after_it(
    operator: Operator, serving: Serving, sink: Sink, rig_dir: Path
) -> None:
    await furnished(operator, sink)
    serving()
    large = rig_dir / "large.bin"
    large.write_bytes(random_document(3 * 1024 * 1024))
    await printed(operator)
    await printed(operator, large)
    assert (await operator.json("key", "rotate"))["wrapped"] == 2
    status = await operator.json("key", "status")
    assert (status["current"], [key["jobs"] for key in status["keys"]]) == (2, [0, 2])
    await printed(operator)
    jobs = [job["id"] for job in await operator.json("job", "list")]
    await operator("job", "release", *jobs, "--device", "sink")
    received = await documents(sink, 3)
    expected = [hashlib.sha256(file.read_bytes()).hexdigest() for file in (PDF, large, PDF)]
    assert sorted(job.sha256 for job in received) == sorted(expected)


async def test_a_queue_of_a_line_printer_daemon_is_a_device(
    operator: Operator, serving: Serving, cupsd: Cupsd, sink: Sink, rig_dir: Path
) -> None:
    await cupsd.lpadmin("behind", sink.uri)
    await operator("db", "migrate")
    async with CupsLpd(rig_dir / "lpd", cupsd) as daemon:
        uri = daemon.uri("elsewhere")
        assert "refused a job for the queue elsewhere" in await operator.refused("device", "add", "office", uri)
        await operator("device", "add", "office", daemon.uri("behind"))
        shown = await operator.json("device", "show", "office")
        assert (shown["uri"], shown["state"], shown["message"]) == (daemon.uri("behind"), "idle", "behind is ready")
        await operator("queue", "add", "followme")
        serving()
        await printed(operator)
        await operator("job", "release", 1, "--device", "office")
        [received] = await documents(sink, 1)
        assert received.data == PDF.read_bytes()
        told = await story(operator, 1, "completed")
        assert told["reasons"] == ["queued-in-device", "job-completed-successfully"]


async def test_every_refusal_is_one_sentence(operator: Operator, serving: Serving, sink: Sink) -> None:
    assert "run `ippgate db migrate`" in await operator.refused("job", "list")
    await furnished(operator, sink)
    said = {
        words: await operator.refused(*words.split())
        for words in (
            "queue add followme",
            "queue add Bad/Name",
            "queue add straight --mode passthrough",
            "queue add straight --mode passthrough --device absent",
            "queue set absent --info x",
            "queue remove absent",
            "device add sink socket://127.0.0.1:9100 --force",
            "device add other http://127.0.0.1/",
            f"device add other socket://127.0.0.1:{operator.port}",
            "device show absent",
            "device test absent",
            "device remove absent",
            "job show 99",
            "job release 99 --device sink",
            "job cancel 99",
            "job hold 99",
            "job list --queue absent",
            "job release --all --user nobody --device sink",
        )
    }
    assert all(sentence and "Error(" not in sentence and "Traceback" not in sentence for sentence in said.values()), (
        said
    )
    assert said["queue add followme"] == "there is a queue followme already"
    assert "passthrough queue needs a device" in said["queue add straight --mode passthrough"]
    assert said["device show absent"] == "there is no device absent"
    serving()
    await printed(operator)
    assert "has jobs" in await operator.refused("queue", "remove", "followme")
    await operator("job", "release", 1, "--device", "sink")
    await story(operator, 1, "completed")
    assert "completed" in await operator.refused("job", "release", 1, "--device", "sink")
    assert "completed" in await operator.refused("job", "hold", 1)
    assert "points to sink" in await operator.refused("device", "remove", "sink")


async def test_queues_and_devices_can_be_changed_and_removed(operator: Operator, sink: Sink) -> None:
    await furnished(operator, sink)
    await operator("queue", "add", "straight", "--mode", "passthrough", "--device", "sink")
    await operator("queue", "set", "straight", "--rejecting", "--info", "Closed", "--location", "Floor 2")
    rows = {row["name"]: row for row in await operator.json("queue", "list")}
    straight = rows["straight"]
    assert (straight["accepting"], straight["info"], straight["location"]) == (False, "Closed", "Floor 2")
    assert (straight["mode"], straight["device"]) == ("passthrough", "sink")
    assert "points to sink" in await operator.refused("device", "remove", "sink")
    for name in ("straight", "followme"):
        await operator("queue", "remove", name)
    await operator("device", "remove", "sink")
    assert await operator.json("device", "list") == await operator.json("queue", "list") == []


async def test_a_device_that_does_not_answer_is_registered_only_by_force(operator: Operator, sink: Sink) -> None:
    await operator("db", "migrate")
    await sink.sleep()
    assert "was not registered" in await operator.refused("device", "add", "sink", sink.uri)
    await operator("device", "add", "sink", sink.uri, "--force")
    assert "does not answer" in await operator.refused("device", "test", "sink")
    sink.wake()
    assert (await operator.json("device", "test", "sink"))["state"] == "idle"


async def test_the_log_carries_one_job_id_from_acceptance_to_completion(
    operator: Operator, serving: Serving, sink: Sink
) -> None:
    await furnished(operator, sink)
    server = serving()
    await printed(operator)
    await operator("job", "release", 1, "--device", "sink")
    await story(operator, 1, "completed")
    server.stop()
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    events = [line["event"] for line in lines if line.get("job") == 1]
    wanted = ["job.accepted", "delivery.started", "delivery.completed"]
    assert [event for event in events if event in wanted] == wanted
    assert [line["event"] for line in lines if line["level"] == "error"] == []


async def test_monitoring_sees_the_work_of_all_workers(operator: Operator, serving: Serving, sink: Sink) -> None:
    await furnished(operator, sink)
    serving("--workers", "2", env={"IPPGATE_METRICS_REFRESH": "1"})
    await asyncio.gather(*(printed(operator) for _ in range(8)))
    jobs = [job["id"] for job in await operator.json("job", "list")]
    await operator("job", "release", *jobs[:6], "--device", "sink")
    await documents(sink, 6)
    await story(operator, jobs[5], "completed")

    def complete() -> bool:
        text = metrics(operator)
        return sample(text, 'ippgate_jobs{state="pending-held"}') == 2 and "ippgate_database_up 1.0" in text

    await eventually(complete, "metrics to show two held jobs", within=30)
    text = metrics(operator)
    assert sample(text, 'ippgate_ipp_requests_total{operation="print-job",status="successful-ok"}') == 8
    assert sample(text, 'ippgate_ipp_request_seconds_count{operation="print-job"}') == 8
    assert sample(text, 'ippgate_device_state{device="sink",state="idle"}') == 1


async def test_an_external_postgresql_of_either_version_is_migrated_twice_without_harm(
    rig_dir: Path, any_dsn: str
) -> None:
    operator = new_operator(rig_dir, any_dsn)
    before = await operator("db", "status", check=False)
    assert before.code == 1
    assert all(not step["applied"] for step in json.loads((await operator("db", "status", "--json", check=False)).out))
    applied = await operator.json("db", "migrate")
    assert applied
    assert await operator.json("db", "migrate") == []
    assert all(step["applied"] for step in await operator.json("db", "status"))


async def test_a_server_under_systemd_says_when_it_is_ready_and_when_it_stops(
    operator: Operator, serving: Serving, sink: Sink, rig_dir: Path
) -> None:
    await furnished(operator, sink)
    address = rig_dir / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.settimeout(30)
        supervisor.bind(str(address))
        server, tls_port = serving(env={"NOTIFY_SOCKET": str(address)}), operator.env["IPPGATE_TLS_PORT"]
        assert (
            await asyncio.to_thread(supervisor.recv, 1000)
            == f"READY=1\nSTATUS=Listening on 127.0.0.1:{operator.port}, and with TLS on port {tls_port}".encode()
        )
        assert server.stop() == 0
        assert await asyncio.to_thread(supervisor.recv, 1000) == b"STOPPING=1\nSTATUS=Draining"

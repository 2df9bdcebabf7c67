"""The doctor on real gates: a sound one, and each thing that can be wrong with one."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import asyncpg

from tests.integration.cli.conftest import Operator
from tests.integration.cli.test_cli_gate import furnished, printed
from tests.rig.embedded import Embedded18
from tests.rig.eventually import eventually
from tests.rig.process import Process
from tests.rig.sink import Sink

Serving = Callable[..., Process]


async def examined(operator: Operator, code: int) -> dict[str, dict[str, str]]:
    """Run the doctor; its findings by subject."""
    done = await operator("doctor", "--json", check=False)
    assert done.code == code, done
    findings: list[dict[str, str]] = json.loads(done.out)
    assert all(finding["remedy"] for finding in findings if finding["verdict"] != "ok"), findings
    return {finding["subject"]: finding for finding in findings}


async def execute(operator: Operator, statement: str, *arguments: Any) -> Any:
    connection = await asyncpg.connect(operator.env["IPPGATE_DATABASE_DSN"])
    try:
        return await connection.fetchval(statement, *arguments)
    finally:
        await connection.close()


async def test_a_sound_gate_has_nothing_but_ok(operator: Operator, serving: Serving, sink: Sink) -> None:
    await furnished(operator, sink)
    serving()
    await printed(operator)

    async def watched() -> bool:
        [device] = await operator.json("device", "list")
        return device["probed"] is not None

    await eventually(watched, "the device to be watched", within=30)
    findings = await examined(operator, 0)
    assert {finding["verdict"] for finding in findings.values()} == {"ok"}, findings
    assert set(findings) == {
        *("configuration", "home", "disk", "keys", "database", "migrations", "postgresql", "workers"),
        *("documents", "master keys", "queues", "device sink", "port", "tls port", "certificate"),
    }
    assert "the gate answers" in findings["port"]["found"]
    assert "the gate answers" in findings["tls port"]["found"]


async def test_without_a_server_the_doctor_warns_and_does_not_fail(operator: Operator, sink: Sink) -> None:
    await furnished(operator, sink)
    findings = await examined(operator, 0)
    assert findings["workers"]["verdict"] == "warn"
    assert "is free" in findings["port"]["found"]


async def test_a_database_that_was_not_migrated_fails_with_the_command(operator: Operator) -> None:
    findings = await examined(operator, 1)
    assert findings["migrations"]["remedy"] == "ippgate db migrate"


async def test_a_database_from_the_future_fails(operator: Operator) -> None:
    await operator("db", "migrate")
    await execute(operator, "INSERT INTO schema_migration (number, name, checksum) VALUES (9999, 'future', 'x')")
    findings = await examined(operator, 1)
    assert "9999" in findings["migrations"]["found"]


async def test_a_database_out_of_reach_fails(operator: Operator, embedded18: Embedded18) -> None:
    operator.env["IPPGATE_DATABASE_DSN"] = "postgresql://gate:geheim@127.0.0.1:9/gate"
    findings = await examined(operator, 1)
    assert findings["database"]["verdict"] == "fail"
    assert "geheim" not in str(findings)


async def test_a_large_object_without_a_job_fails(operator: Operator, sink: Sink) -> None:
    await furnished(operator, sink)
    oid = await execute(operator, "SELECT lo_create(0)")
    findings = await examined(operator, 1)
    assert findings["documents"]["verdict"] == "fail"
    assert str(oid) in findings["documents"]["found"]


async def test_a_master_key_that_is_lost_fails_with_what_depends_on_it(
    operator: Operator, serving: Serving, sink: Sink
) -> None:
    await furnished(operator, sink)
    server = serving()
    await printed(operator)
    server.stop()
    key = operator.home / "keys" / "master-0001.key"
    key.unlink()
    findings = await examined(operator, 1)
    assert "1 jobs need the master-0001.key" in findings["master keys"]["found"]
    assert not key.exists()
    key.write_bytes(bytes(32))  # another key of the same name
    key.chmod(0o600)
    assert (await examined(operator, 1))["master keys"] == findings["master keys"]


async def test_a_key_file_that_others_can_read_fails(operator: Operator, sink: Sink) -> None:
    await furnished(operator, sink)
    key = operator.home / "keys" / "master-0001.key"
    key.chmod(0o644)
    findings = await examined(operator, 1)
    assert findings["keys"]["remedy"] == f"chmod 600 {key}"


async def test_another_program_on_the_port_fails(operator: Operator, sink: Sink) -> None:
    await furnished(operator, sink)

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", operator.port):
        findings = await examined(operator, 1)
    assert "address already in use" in findings["port"]["found"]


async def test_a_device_that_stopped_answering_is_warned_of(operator: Operator, serving: Serving, sink: Sink) -> None:
    await furnished(operator, sink)
    await sink.sleep()
    serving(env={"IPPGATE_DEVICE_WATCH_INTERVAL": "1"})

    async def stopped() -> bool:
        [device] = await operator.json("device", "list")
        return bool(device["state"] == "stopped")

    await eventually(stopped, "the watch to notice", within=30)
    findings = await examined(operator, 0)
    assert findings["device sink"]["verdict"] == "warn"


async def test_it_is_asked_about_one_device_and_one_job(operator: Operator, serving: Serving, sink: Sink) -> None:
    await furnished(operator, sink)
    serving()
    await printed(operator)
    found = await operator.json("doctor", "device", "sink")
    assert {each["verdict"] for each in found} == {"ok"}, found
    [job, *_] = await operator.json("job", "list", "--all")
    told = (await operator("doctor", "job", job["id"])).out
    assert f"ok    job {job['id']}: waits until its owner releases it" in told
    assert job["name"] not in told
    assert "there is no job 4711" in await operator.refused("doctor", "job", 4711)
    assert "there is no device nowhere" in await operator.refused("doctor", "device", "nowhere")

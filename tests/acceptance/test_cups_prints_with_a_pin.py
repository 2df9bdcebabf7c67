"""A real CUPS finds out that the queue takes PINs, sends one with a job, and sees why the job waits."""

import pytest

from ippgate.app import Gate as Services
from ippgate.ipp import Attribute, JobState, Operation, Tag, Value, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.job_password import JobPassword, same
from ippgate.spool.job_password import open_password
from tests.acceptance.conftest import Adding
from tests.rig.cupsd import Cupsd
from tests.rig.documents import PDF
from tests.rig.eventually import eventually
from tests.rig.gate import Gate
from tests.rig.hostile_device import HostileDevice
from tests.rig.ipp_client import Seen

SOURCE, PIN = "pins", "482615"
WAITS = ("job-password-wait", "job-held-for-release")


async def held(gate: Gate, queue: str) -> Seen:
    async def there() -> list[Seen]:
        jobs = await gate.client("anna").jobs(queue=queue)
        return [job for job in jobs if job.state == JobState.PENDING_HELD and "job-incoming" not in job.reasons]

    [job] = await eventually(there, f"a held job in {queue}")
    return job


async def kept(services: Services, job_id: int) -> JobPassword:
    """What the gate keeps of it."""
    row = await services.database.row("password_try", job_id, "test", 3, 1.0, 60.0, 10, 30, 60.0)
    assert row is not None
    return open_password(await services.spool.key_of(job_id), row["password"])


WAYS = [("ipp", "sha2-256"), ("ipp", "sha2-512_256"), ("ipps", None), ("ipps", "none")]


@pytest.mark.parametrize(("scheme", "encryption"), WAYS)
async def test_a_pin_given_to_lp_holds_the_job_and_releases_it(
    gate: Gate,
    services: Services,
    cupsd: Cupsd,
    add_queue: Adding,
    add_device: Adding,
    scheme: str,
    encryption: str | None,
) -> None:
    async with HostileDevice() as device:
        queue = await add_queue("passthrough", await add_device(device.uri))
        uri = gate.uri(queue) if scheme == "ipp" else gate.tls_uri(queue).replace("127.0.0.1", "localhost")
        await cupsd.lpadmin(SOURCE, uri, everywhere=True)
        options = {"job-password": PIN} | ({"job-password-encryption": encryption} if encryption else {})
        await cupsd.lp(SOURCE, PDF, user="anna", options=options)
        job = await held(gate, queue)
        assert job.reasons == WAITS
        stored = await kept(services, job.id)
        assert stored.encryption == (encryption or stored.encryption)
        assert same(stored, JobPassword("none", PIN.encode()))
        assert device.jobs == {}
        digest = Attribute(A.JOB_PASSWORD, (Value(Tag.OCTET_STRING, stored.octets),))
        asked = (attribute(A.JOB_ID, job.id), digest, attribute(A.JOB_PASSWORD_ENCRYPTION, stored.encryption))
        assert (await gate.secure_client("anna").ask(Operation.RELEASE_JOB, *asked)).ok
        assert (await gate.client("anna").wait(job.id)).state == JobState.COMPLETED


async def test_cups_describes_the_queue_as_one_that_takes_pins(gate: Gate, cupsd: Cupsd, add_queue: Adding) -> None:
    await cupsd.lpadmin(SOURCE, gate.uri(await add_queue()), everywhere=True)
    assert f'*cupsJobPassword: "{"1" * 32}"' in cupsd.ppd(SOURCE)


async def test_a_pin_that_cups_would_send_readable_over_ipp_is_refused_and_nothing_is_printed(
    gate: Gate, cupsd: Cupsd, add_queue: Adding
) -> None:
    """CUPS 2.4 hashes a PIN only where it is told by which hash."""
    queue = await add_queue()
    await cupsd.lpadmin(SOURCE, gate.uri(queue), everywhere=True)
    await cupsd.lp(SOURCE, PDF, user="anna", options={"job-password": PIN})

    def refused() -> list[str]:
        told = [line["reason"] for line in gate.log("client.refused") if line["operation"] == "create-job"]
        return [reason for reason in told if "over TLS alone: use ipps, or hash it" in reason]

    assert await eventually(refused, "the gate to refuse it")
    assert await gate.client("anna").jobs("all", queue=queue) == []

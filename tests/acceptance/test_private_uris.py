"""Real clients at printer URIs with a secret: they keep it, print by it, and are turned away once it is revoked."""

from ippgate.app import Gate as Services
from ippgate.ipp import JobState
from tests.acceptance.conftest import Adding
from tests.rig.command import run
from tests.rig.cupsd import Cupsd
from tests.rig.documents import PDF
from tests.rig.eventually import eventually
from tests.rig.gate import Gate


async def test_cups_prints_by_a_persons_uri_until_it_is_revoked(
    gate: Gate, services: Services, cupsd: Cupsd, add_queue: Adding
) -> None:
    queue = await add_queue()
    await services.fleet.set_queue(queue, options={"known_only": True})
    await gate.caught_up(services)
    issued = await gate.told("uri", "add", queue, "--person", "anna")
    secure, plain = issued["uris"]
    secret = plain.rpartition("~")[2]
    assert secure.startswith(f"ipps://127.0.0.1:{gate.tls_port}/ipp/print/{queue}/~")
    await cupsd.lpadmin("private", plain, everywhere=True)
    job = await cupsd.lp("private", PDF, user="somebody")
    assert (await cupsd.wait_for(job)).state == "completed"
    [held] = await services.desk.listing(
        (await services.fleet.queue(queue)).id, (JobState.PENDING_HELD,), owner=None, limit=9
    )
    assert held.owner == "anna"
    for uri in (secure, plain):
        told = await run("ipptool", "-tv", uri, "get-printer-attributes.test")
        assert f"/ipp/print/{queue}/~{secret}" in told.out
    await gate.cli("uri", "revoke", issued["id"])

    async def gone() -> bool:
        told = await run("ipptool", "-tv", plain, "get-printer-attributes.test", check=False)
        return "client-error-not-found" in told.out

    await eventually(gone, "the URI to be worth nothing")
    assert secret not in gate.said()

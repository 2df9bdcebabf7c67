"""SIGKILL of the server and all it started in the middle of a conversion: nothing is left, the job comes out once."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from ippgate.ipp import JobState, attribute
from ippgate.ipp.registry import attributes as A
from tests.adversity.server.house import House, digest, document, printed
from tests.rig.eventually import eventually
from tests.rig.filters import Filters
from tests.rig.hostile_device import HostileDevice
from tests.rig.where import directory

OpenHouse = Callable[..., Awaitable[House]]
PDF = attribute(A.DOCUMENT_FORMAT, "application/pdf")
MANY = 3_000_000


@pytest.fixture
def temp(rig_dir: Path) -> Iterator[Path]:
    folder = directory(Path("/dev/shm") / rig_dir.name)
    yield folder
    folder.rmdir()  # nothing is left in it


@pytest.fixture
def filters(rig_dir: Path) -> Filters:
    filters = Filters(rig_dir / "cups")
    for name in ("pdftopdf", "gstoraster"):
        filters.write(name, "cat")
    return filters


@pytest.mark.parametrize("options", [(), ("--workers", "2")], ids=["one worker", "two workers"])
async def test_the_job_is_converted_anew_and_printed_once(
    open_house: OpenHouse, filters: Filters, temp: Path, options: tuple[str, ...]
) -> None:
    env = {
        "IPPGATE_CONVERT_ENABLED": "true",
        "IPPGATE_CONVERT_PROGRAMS": str(filters.root),
        "IPPGATE_CONVERT_TEMP": str(temp),
    }
    octets = document(MANY)
    filters.write("gstoraster", "cat; sleep MARK")
    async with HostileDevice(keep="hash", impressions=7) as device:
        device.printer.set(attribute(A.DOCUMENT_FORMAT_SUPPORTED, "image/pwg-raster"))
        house = await open_house(env=env, options=options)
        await house.add_device(device)
        job_id = await house.print(house.queue, octets, PDF)
        await house.release(job_id)
        for _ in range(2):
            await eventually(filters.left, "a filter to be at work")
            await house.gate.kill()
            assert (await house.job(job_id)).state is JobState.PENDING
            await house.gate.start()
        filters.write("gstoraster", "cat")
        await house.gate.kill()
        await house.gate.start()
        job = await house.job_in(job_id, JobState.COMPLETED)
        assert (job.impressions, job.converted_to) == (7, "image/pwg-raster")
        await house.audit(device)
        assert printed(device) == {digest(octets): 1}

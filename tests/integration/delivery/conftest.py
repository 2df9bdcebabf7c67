"""A gate that converts documents: by cups-filters as they are, or by filters that do as a test says."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ippgate.app.gate import Gate
from ippgate.config import Settings
from ippgate.config.conversion import ConvertSettings
from ippgate.ipp import attribute
from ippgate.ipp.registry import attributes as A
from tests.rig.filters import Filters
from tests.rig.hostile_device import HostileDevice
from tests.rig.where import directory


@pytest.fixture
def temp(rig_dir: Path) -> Iterator[Path]:
    """Where filters keep their files."""
    folder = directory(Path("/dev/shm") / rig_dir.name)
    yield folder
    folder.rmdir()  # nothing is left in it


@pytest.fixture
def filters(rig_dir: Path) -> Filters:
    """The way from PDF to PWG raster: its two filters pass on what they get."""
    filters = Filters(rig_dir / "cups")
    for name in ("pdftopdf", "gstoraster"):
        filters.write(name, "cat")
    return filters


@pytest.fixture
def by_filters(filters: Filters, temp: Path, tmp_path: Path) -> Settings:
    """Of a gate whose filters are those."""
    chosen = ConvertSettings(enabled=True, programs=str(filters.root), temp=str(temp))
    return replace(Settings(home=tmp_path), convert=chosen)


@pytest.fixture
async def converting(gates: Callable[..., Awaitable[Gate]], by_filters: Settings) -> Gate:
    """A gate that converts by them."""
    return await gates(settings=by_filters)


@pytest.fixture
async def raster_device() -> AsyncIterator[HostileDevice]:
    """One that prints nothing but PWG raster."""
    async with HostileDevice() as device:
        device.printer.set(attribute(A.DOCUMENT_FORMAT_SUPPORTED, "image/pwg-raster"))
        yield device

"""Memory stays flat for a document of a gigabyte, in and out."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.rig.database import Cluster
from tests.rig.embedded import Embedded18

GIB, MIB = 1024**3, 1024**2
BOUND = 32 * MIB


@pytest.fixture
def cluster(embedded18: Embedded18) -> Cluster:
    """Once: what is shown is this process's memory."""
    return embedded18


async def test_a_gigabyte_goes_in_and_out_through_a_few_megabytes(gate_dsn: str, tmp_path: Path) -> None:
    words = (sys.executable, "-m", "tests.integration.spool.large_document", gate_dsn, str(tmp_path), str(GIB))
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    assert process.returncode == 0
    figures = json.loads(said)
    assert figures["write_growth"] < BOUND, figures
    assert figures["read_growth"] < BOUND, figures

"""Debian's PostgreSQL 15 in a private cluster: the oldest version an external database may have."""

from collections.abc import Mapping
from pathlib import Path

from tests.rig.database import Cluster

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
SYSTEM_USER = "postgres"
"""Made by the Debian package; PostgreSQL refuses to run as root."""


class Postgres15(Cluster):
    """Debian's PostgreSQL 15, its data under `root`."""

    def __init__(self, root: Path, *, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(root, PROGRAMS, user=SYSTEM_USER, settings=settings)

"""The spool is shown on both: the embedded PostgreSQL 18 and Debian's 15, the oldest that is supported."""

import pytest

from tests.rig.database import Cluster


@pytest.fixture
def cluster(any_database: Cluster) -> Cluster:
    return any_database

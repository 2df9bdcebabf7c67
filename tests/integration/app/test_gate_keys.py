"""A gate opens only with the master keys that its database knows."""

from dataclasses import replace
from pathlib import Path

import pytest

from ippgate.app import open_gate
from ippgate.config import Settings
from ippgate.spool.rotate import WrongMasterKey


def _settings(home: Path, dsn: str) -> Settings:
    settings = Settings(home)
    return replace(settings, database=replace(settings.database, dsn=dsn))


async def test_a_gate_whose_key_folder_was_lost_refuses_to_make_a_key_of_its_own(dsn: str, tmp_path: Path) -> None:
    async with open_gate(_settings(tmp_path / "home", dsn), migrate=True):
        pass
    with pytest.raises(WrongMasterKey, match="restore it from a backup"):
        async with open_gate(_settings(tmp_path / "other", dsn)):
            pass


async def test_a_gate_knows_its_keys_again_after_a_rotation(dsn: str, tmp_path: Path) -> None:
    settings = _settings(tmp_path / "home", dsn)
    async with open_gate(settings, migrate=True) as gate:
        _ = [count async for count in gate.rotation.rotate()]
    async with open_gate(settings) as gate:
        assert gate.keys.current == 2

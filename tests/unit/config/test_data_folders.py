"""sql/ and conf/ are found in a checkout, in a wheel, and missed with a sentence."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ippgate import data


@pytest.fixture(autouse=True)
def _no_memory() -> Iterator[None]:
    """Neither of what others found before, nor of what is found here."""
    data._folder.cache_clear()
    yield
    data._folder.cache_clear()


def test_a_checkout_has_both_folders_at_its_top() -> None:
    assert (data.sql_folder() / "migrations").is_dir()
    assert (data.conf_folder() / "ippgate.toml").is_file()


def test_a_wheel_carries_them_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "ippgate"
    (package / "_data" / "sql").mkdir(parents=True)
    (package.parent / "sql").mkdir()  # somebody else's
    monkeypatch.setattr(data, "_PACKAGE", package)
    assert data.sql_folder() == package / "_data" / "sql"
    with pytest.raises(FileNotFoundError, match="installation of ippgate is incomplete"):
        data.conf_folder()

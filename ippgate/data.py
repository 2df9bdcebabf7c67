"""Where the files that travel with the program are: named SQL and migrations, and the commented configuration.

A wheel carries them inside the package; a checkout (an editable install) has them at its top. Both are plain folders:
ippgate is installed unpacked, so a `Path` is the honest type.
"""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def sql_folder() -> Path:
    """The folder with `migrations/` and `queries/`. Raises FileNotFoundError when the installation is incomplete."""
    return _folder("sql")


def conf_folder() -> Path:
    """The folder with `ippgate.toml`, `rules.toml` and `ippgate.service`. Raises FileNotFoundError likewise."""
    return _folder("conf")


@cache
def _folder(name: str) -> Path:
    # The wheel's own copy comes first: beside an installed package, a folder of that name belongs to somebody else.
    packaged, checkout = _PACKAGE / "_data" / name, _PACKAGE.parent / name
    if packaged.is_dir():
        return packaged
    if (_PACKAGE.parent / "pyproject.toml").is_file() and checkout.is_dir():
        return checkout
    raise FileNotFoundError(f"the installation of ippgate is incomplete: neither {packaged} nor {checkout} exists")

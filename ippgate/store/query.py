"""Named queries: sql/queries/*.sql, read once. `-- name: x` begins a query; the comment below it says what it is
for.
"""

import re
from functools import cache
from pathlib import Path

from ippgate.data import sql_folder

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@cache
def queries() -> dict[str, str]:
    """Every query by its name; raises ValueError when two share one."""
    found: dict[str, str] = {}
    for file in sorted((sql_folder() / "queries").glob("*.sql")):
        for name, text in _split(file):
            if name in found:
                raise ValueError(f"two queries are called {name}; the second is in {file.name}")
            found[name] = text
    return found


def _split(file: Path) -> list[tuple[str, str]]:
    parts = _NAME.split(file.read_text(encoding="utf-8"))
    return [(name, text.strip().rstrip(";")) for name, text in zip(parts[1::2], parts[2::2], strict=True)]

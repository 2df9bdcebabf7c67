"""A key that nothing reads would be a promise that nobody keeps."""

import ast
from pathlib import Path

import ippgate
from ippgate.config.load import keys

PACKAGE = Path(ippgate.__file__).parent


def attributes_read(folder: Path) -> set[str]:
    nodes = (node for file in folder.rglob("*.py") for node in ast.walk(ast.parse(file.read_text())))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}


def test_the_composition_root_reads_every_key() -> None:
    read = attributes_read(PACKAGE / "app")
    assert sorted(f"{section}.{key}" for section, key in keys() if key not in read) == []


def test_nobody_but_app_and_cli_reads_configuration() -> None:
    readers = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name == "ippgate.config" or name.startswith("ippgate.config.") for name in names):
                readers.add(file.relative_to(PACKAGE).parts[0])
    assert readers == {"app", "cli", "config"}

"""The program read as source: its modules, what each imports, and what it says."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import ippgate

ROOT = Path(ippgate.__file__).parent


@dataclass(frozen=True)
class Module:
    """One file of the program."""

    path: Path

    @cached_property
    def name(self) -> str:
        parts = self.path.relative_to(ROOT.parent).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    @cached_property
    def imports(self) -> frozenset[str]:
        """Every module it names in an import, wherever in the file, for types alone too."""
        return frozenset(_imported(ast.walk(self.tree)))

    @cached_property
    def imports_at_start(self) -> frozenset[str]:
        """What is imported when it is: not what a function imports when called, nor what only types need."""
        return frozenset(_imported(_executed(self.tree.body)))

    @cached_property
    def docstrings(self) -> frozenset[int]:
        """The lines at which strings stand that are statements of their own."""
        said = (node.value for node in ast.walk(self.tree) if isinstance(node, ast.Expr))
        return frozenset(value.lineno for value in said if isinstance(value, ast.Constant))

    def strings(self) -> Iterator[tuple[int, str]]:
        """Line and text of every string that is no docstring; of f-strings their literal parts."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.lineno not in self.docstrings:
                yield node.lineno, node.value


def modules(room: str = "ippgate") -> list[Module]:
    """The modules of a room and of those within it; `ippgate.ipp` is a room."""
    return [module for module in ALL if within(module.name, room)]


def within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def reached(start: str) -> frozenset[str]:
    """Everything in the program that the modules of a room reach through imports, the room itself included."""
    by_name = {module.name: module for module in ALL}
    found: set[str] = set()
    ahead = [module.name for module in modules(start)]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += [_module_of(imported) for imported in by_name[name].imports if within(imported, "ippgate")]
    return frozenset(found)


def _module_of(imported: str) -> str:
    """`from ippgate.ipp import Tag` names ippgate.ipp.Tag: the module is the longest part that is one."""
    names = {module.name for module in ALL}
    while imported not in names:
        imported = imported.rpartition(".")[0]
    return imported


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Groups that reach one another (Tarjan's strongly connected components), the single ones left out."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(edges.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = [stack.pop()]
            while group[-1] != node:
                group.append(stack.pop())
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(edges):
        if node not in index:
            visit(node)
    return found


def edges_between(room_of: dict[str, str]) -> dict[str, set[str]]:
    """Which room imports which, when modules are put into rooms as told."""
    edges: defaultdict[str, set[str]] = defaultdict(set)
    for module in ALL:
        for imported in module.imports_at_start:
            if within(imported, "ippgate"):
                here, there = room_of[module.name], room_of[_module_of(imported)]
                if here != there:
                    edges[here].add(there)
    return dict(edges)


def _imported(nodes: Iterator[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _executed(body: list[ast.stmt]) -> Iterator[ast.AST]:
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        yield node
        for inner in ("body", "orelse", "finalbody"):
            yield from _executed(getattr(node, inner, []))


ALL = [Module(path) for path in sorted(ROOT.rglob("*.py"))]

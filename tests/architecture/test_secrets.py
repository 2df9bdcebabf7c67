"""What the source must not say, for others have suffered by it: comparisons that leak, shells, ears for strangers."""

import ast
import re

import pytest

from tests.architecture.source import ALL, Module, modules

SECRET = re.compile(r"(?:^|_)(?:secret|token|password|pin|digest|credential|fingerprint)s?$")
"""How a value is called that proves somebody; whether one equals another is found out in constant time."""

PROVING = ("ippgate.identity", "ippgate.doors")
"""Rooms in which somebody proves who they are."""

LISTENING = {"ServiceBrowser", "AsyncServiceBrowser", "ZeroconfServiceTypes", "AsyncZeroconfServiceTypes"}
"""What of zeroconf hears what others announce (SECURITY S10)."""

SHELLS = {"popen", "getoutput", "getstatusoutput", "create_subprocess_shell", "subprocess_shell"}


def called(node: ast.AST) -> str:
    """The last part of a name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def compared(module: Module) -> list[int]:
    """The lines on which something that proves somebody is compared with = or in."""
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            others = (node.left, *node.comparators)
            if any(SECRET.search(called(each)) for each in others) and not any(map(_is_plain, others)):
                found.append(node.lineno)
    return found


def _is_plain(node: ast.AST) -> bool:
    """None, a number, an empty text: nothing that is secret."""
    return isinstance(node, ast.Constant)


@pytest.mark.parametrize("module", [each for room in PROVING for each in modules(room)], ids=lambda each: each.name)
def test_what_proves_somebody_is_never_compared_octet_by_octet(module: Module) -> None:
    """argon2's verify, hmac.compare_digest, or a look-up by a keyed hash (SECURITY S2)."""
    assert compared(module) == []


@pytest.mark.parametrize("source", ["if given_token == stored: pass", "ok = account.password != said"])
def test_a_comparison_that_leaks_is_found(source: str) -> None:
    class Said(Module):
        tree = ast.parse(source)

    assert compared(Said(ALL[0].path)) == [1]


def test_programs_are_started_without_a_shell() -> None:
    for module in ALL:
        for node in ast.walk(module.tree):
            assert called(node) not in SHELLS, module.name
            assert ast.unparse(node) != "os.system", module.name
            if isinstance(node, ast.keyword) and node.arg == "shell":
                pytest.fail(f"{module.name}:{node.value.lineno}")


def test_nothing_looks_for_announcements() -> None:
    for module in ALL:
        assert not LISTENING & {name.rpartition(".")[2] for name in module.imports}, module.name
        assert not LISTENING & {called(node) for node in ast.walk(module.tree)}, module.name

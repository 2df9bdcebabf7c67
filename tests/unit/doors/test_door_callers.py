"""Who asks, as the door understands it: what was proven, what was only said, and both kept apart (SECURITY S18)."""

import pytest

from ippgate.doors.ipp.exchange import caller_of
from ippgate.ipp import Attribute, Group, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.owner import ANONYMOUS


def operation(*said: str) -> Group:
    attributes: list[Attribute] = [attribute(A.REQUESTING_USER_NAME, name) for name in said]
    return Group(Tag.OPERATION, attributes)


def test_a_name_that_is_only_said_is_not_proven() -> None:
    caller, named = caller_of(operation("alice"), "192.0.2.1")
    assert (caller.name, caller.said, caller.proven, caller.operator) == ("alice", "alice", False, False)
    assert named


@pytest.mark.parametrize("said", [(), ("",), ("\u202e\x07",)])
def test_who_says_no_name_is_anonymous_and_said_nothing(said: tuple[str, ...]) -> None:
    caller, named = caller_of(operation(*said), "192.0.2.1")
    assert (caller.name, caller.said, caller.proven) == (ANONYMOUS, "", False)
    assert not named


def test_the_proven_name_wins_and_what_was_said_is_kept() -> None:
    caller, named = caller_of(operation("alice"), "192.0.2.1", "olga")
    assert (caller.name, caller.said, caller.proven, caller.operator) == ("olga", "alice", True, True)
    assert named

"""How fast a reader may tap."""

import pytest

from ippgate.identity import tap_pace
from ippgate.identity.tap_pace import AT_ONCE, EVERY, TapPace


def test_a_few_may_come_together_and_then_one_after_the_other() -> None:
    pace = TapPace()
    assert [pace.wait(1, 100.0) for _ in range(AT_ONCE)] == [0.0] * AT_ONCE
    assert 0 < pace.wait(1, 100.0) <= EVERY
    assert pace.wait(2, 100.0) == 0.0
    assert pace.wait(1, 100.0 + EVERY) == 0.0
    assert pace.wait(1, 100.0 + EVERY) > 0.0


def test_a_flood_does_not_make_the_wait_longer() -> None:
    pace = TapPace()
    assert max(pace.wait(1, 100.0) for _ in range(10_000)) <= EVERY
    assert [pace.wait(1, 110.0) for _ in range(AT_ONCE)] == [0.0] * AT_ONCE


def test_so_many_readers_are_in_mind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tap_pace, "MOST", 3)
    pace = TapPace()
    for reader in range(100):
        pace.wait(reader, 0.0)
    assert len(pace._full_at) == 3

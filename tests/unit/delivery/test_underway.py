"""What is under way can be waited for."""

import asyncio

import pytest

from ippgate.delivery.underway import Underway


async def over(underway: Underway) -> bool:
    waiting = asyncio.create_task(underway.over())
    await asyncio.sleep(0)
    done = waiting.done()
    waiting.cancel()
    return done


async def test_nothing_is_over_at_once_and_something_when_all_of_it_has_ended() -> None:
    underway = Underway()
    assert not underway
    assert await over(underway)
    underway.begin()
    underway.begin()
    assert underway
    underway.end()
    assert not await over(underway)
    with underway.ending():
        assert not await over(underway)
    assert await over(underway)


async def test_what_rests_does_not_count_until_it_goes_on() -> None:
    underway = Underway()
    underway.begin()
    with underway.resting():
        assert await over(underway)
    assert not await over(underway)


async def test_an_error_ends_it_too() -> None:
    underway = Underway()
    underway.begin()
    with pytest.raises(ValueError, match="x"), underway.ending():
        raise ValueError("x")
    assert await over(underway)

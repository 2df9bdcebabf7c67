"""Who waits: woken by what concerns them, no more of them than there are seats, and nobody left behind."""

import asyncio
from collections.abc import Callable

import pytest

from ippgate.notice.board import Board, Seat


class Client:
    """Somebody who may leave."""

    def __init__(self) -> None:
        self.left = False
        self._call: Callable[[], None] | None = None

    def when_left(self, call: Callable[[], None] | None) -> None:
        self._call = call

    def leave(self) -> None:
        self.left = True
        if self._call is not None:
            self._call()


async def rests(seat: Seat) -> bool:
    """Whether nothing has woken it."""
    rest = asyncio.ensure_future(seat.rest(60))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    rest_goes_on = not rest.done()
    rest.cancel()
    return rest_goes_on


async def test_a_wake_up_reaches_those_whom_it_concerns() -> None:
    board = Board(10)
    with board.seat([1, 2], Client()) as both, board.seat([2], Client()) as second:
        assert both is not None
        assert second is not None
        board.heard("1 7")
        await both.rest(60)
        assert await rests(second)
        board.heard("2")
        await both.rest(60)
        await second.rest(60)


async def test_a_wake_up_before_the_rest_is_not_lost() -> None:
    board = Board(10)
    with board.seat([1], Client()) as seat:
        assert seat is not None
        board.heard("1")
        await seat.rest(60)
        assert await rests(seat)


async def test_when_anything_may_have_happened_everybody_looks() -> None:
    board = Board(10)
    with board.seat([1], Client()) as one, board.seat([2], Client()) as two:
        assert one is not None
        assert two is not None
        board.heard("")
        await one.rest(60)
        await two.rest(60)


async def test_a_client_that_leaves_need_not_be_waited_for() -> None:
    board, client = Board(10), Client()
    with board.seat([1], client) as seat:
        assert seat is not None
        client.leave()
        await seat.rest(60)
    client.leave()  # nobody wants to know any more
    assert board.taken == 0


async def test_there_are_so_many_seats_and_their_number_is_told() -> None:
    told: list[int] = []
    board = Board(1, told.append)
    with board.seat([1], Client()) as first:
        assert first is not None
        with board.seat([1], Client()) as second:
            assert second is None
        assert board.taken == 1
    assert told == [1, 0]
    with board.seat([1], Client()) as third:
        assert third is not None


async def test_a_board_that_is_closed_wakes_everybody_and_seats_nobody() -> None:
    board = Board(10)
    with board.seat([1], Client()) as seat:
        assert seat is not None
        board.close()
        await seat.rest(60)
    with board.seat([1], Client()) as late:
        assert late is None


async def test_a_seat_is_given_back_whatever_happens() -> None:
    board = Board(10)
    with pytest.raises(RuntimeError), board.seat([1, 1], Client()):
        raise RuntimeError
    assert board.taken == 0
    board.heard("1")

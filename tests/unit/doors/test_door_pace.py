"""How fast a client must be (SECURITY S15), second by second, without a clock."""

from ippgate.doors.pace import Look, Pace, Phase, Slow
from ippgate.doors.settings import DoorSettings

SETTINGS = DoorSettings(header_timeout=10, body_timeout=20, idle_timeout=30, answer_timeout=40, rate=100, rate_grace=60)


def story(*looks: tuple[Phase, int, int], unsent: tuple[int, ...] = ()) -> list[Slow | None]:
    """One look a second; each is a phase, the number of the request, and the octets received so far."""
    pace = Pace(SETTINGS, 0.0)
    waiting = unsent or (0,) * len(looks)
    return [
        pace.judge(Look(phase, request, received, left), float(second))
        for second, ((phase, request, received), left) in enumerate(zip(looks, waiting, strict=True), 1)
    ]


def first(verdicts: list[Slow | None]) -> tuple[int, Slow] | None:
    """When something was wrong for the first time, and what."""
    return next(((second, verdict) for second, verdict in enumerate(verdicts, 1) if verdict), None)


def test_a_connection_that_says_nothing_is_ended_when_a_head_should_be_there() -> None:
    assert first(story(*[(Phase.HEAD, 0, 0)] * 20)) == (11, Slow.HEAD)


def test_a_head_that_drips_is_ended_all_the_same() -> None:
    assert first(story(*[(Phase.HEAD, 0, second) for second in range(20)])) == (11, Slow.HEAD)


def test_an_idle_connection_is_ended_later() -> None:
    assert first(story(*[(Phase.IDLE, 1, 500)] * 50)) == (32, Slow.IDLE)


def test_a_second_idle_time_is_not_the_first_one_prolonged() -> None:
    assert first(story(*[(Phase.IDLE, request, 500 * request) for request in range(1, 4) for _ in range(25)])) is None


def test_a_head_after_an_idle_time_has_its_own_deadline() -> None:
    assert first(story(*[(Phase.IDLE, 1, 500)] * 20, *[(Phase.HEAD, 1, 501)] * 20)) == (32, Slow.HEAD)


def test_a_silent_body_is_ended() -> None:
    assert first(story(*[(Phase.BODY, 1, 10_000)] * 40)) == (22, Slow.SILENT)


def test_a_client_that_renders_page_by_page_is_borne() -> None:
    pages = [(Phase.BODY, 1, 30_000 * (second // 15)) for second in range(300)]
    assert first(story(*pages)) is None


def test_one_octet_a_second_is_ended_after_the_grace() -> None:
    assert first(story(*[(Phase.BODY, 1, second) for second in range(100)])) == (61, Slow.CRAWLS)


def test_a_slow_client_that_is_fast_enough_is_borne() -> None:
    assert first(story(*[(Phase.BODY, 1, 110 * second) for second in range(500)])) is None


def test_time_in_which_the_gate_does_not_read_is_not_charged() -> None:
    waits = [(Phase.GATE, 1, 70_000)] * 500
    assert first(story((Phase.BODY, 1, 70_000), *waits, *[(Phase.BODY, 1, 70_000)] * 15)) is None


def test_a_second_request_starts_with_a_clean_sheet() -> None:
    slow = [(Phase.BODY, request, second) for request in (1, 2, 3) for second in range(50)]
    assert first(story(*slow)) is None


def test_a_client_that_takes_nothing_of_its_answer_is_ended() -> None:
    looks = [(Phase.IDLE, second, 0) for second in range(60)]  # it goes on asking, and never listens
    assert first(story(*looks, unsent=(5000,) * 60)) == (42, Slow.DEAF)
    assert first(story(*looks, unsent=tuple(60_000 - 1000 * second for second in range(60)))) is None

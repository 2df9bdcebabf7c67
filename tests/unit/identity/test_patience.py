"""Failed attempts: each further one waits longer, nobody else does, and nothing grows without bound (SECURITY S21)."""

from ippgate.identity.patience import Patience, PatienceSettings

SETTINGS = PatienceSettings(free=3, name_free=6, first=1.0, longest=8.0, memory=100.0, remembered=4)
OLGA, HOME, AWAY = "olga", "192.0.2.1", "192.0.2.2"


def fail(patience: Patience, times: int, *, source: str = AWAY, name: str = OLGA, now: float = 0.0) -> None:
    for _ in range(times):
        patience.failed(source, name, now)


def test_the_first_failures_cost_nothing_and_each_further_one_twice_as_much_up_to_a_bound() -> None:
    patience, waits = Patience(SETTINGS), []
    for _ in range(8):
        waits.append(patience.wait(AWAY, OLGA, 0.0))
        patience.failed(AWAY, "somebody", 0.0)
    assert waits == [0, 0, 0, 1, 2, 4, 8, 8]


def test_the_wait_passes() -> None:
    patience = Patience(SETTINGS)
    fail(patience, 4)
    assert [patience.wait(AWAY, OLGA, now) for now in (0.0, 1.5, 2.0, 3.0)] == [2.0, 0.5, 0.0, 0.0]


def test_a_source_waits_whatever_name_it_tries() -> None:
    patience = Patience(SETTINGS)
    for name in ("anna", "berta", "carla"):
        patience.failed(AWAY, name, 0.0)
    assert patience.wait(AWAY, "dora", 0.0) == 1.0
    assert patience.wait(HOME, "dora", 0.0) == 0.0


def test_a_name_that_is_guessed_at_from_everywhere_is_slowed_but_not_where_it_was_proven_before() -> None:
    patience = Patience(SETTINGS)
    patience.proved(HOME, OLGA)
    for number in range(6):
        patience.failed(f"198.51.100.{number}", OLGA, 0.0)
    assert patience.wait(AWAY, OLGA, 0.0) == 1.0
    assert patience.wait(HOME, OLGA, 0.0) == 0.0
    assert patience.wait(AWAY, "anna", 0.0) == 0.0


def test_a_source_that_proves_a_name_is_as_good_as_new_and_good_attempts_are_no_failures_of_the_name() -> None:
    patience = Patience(SETTINGS)
    fail(patience, 3)
    patience.proved(AWAY, OLGA)
    assert patience.wait(AWAY, OLGA, 0.0) == 0.0
    for number in range(20):
        patience.failed(f"198.51.100.{number}", "anna", 0.0)
        patience.proved(f"198.51.100.{number}", "anna")
    assert patience.wait(HOME, "anna", 0.0) == 0.0


def test_an_attempt_that_could_not_be_judged_is_none() -> None:
    patience = Patience(SETTINGS)
    for _ in range(5):
        patience.failed(AWAY, OLGA, 0.0)
        patience.spared(AWAY, OLGA)
    assert patience.wait(AWAY, OLGA, 0.0) == 0.0


def test_old_failures_are_forgotten() -> None:
    patience = Patience(SETTINGS)
    fail(patience, 5)
    assert patience.wait(AWAY, OLGA, 101.0) == 0.0
    patience.failed(AWAY, OLGA, 101.0)
    assert patience.wait(AWAY, OLGA, 101.0) == 0.0


def test_whoever_brings_ever_new_names_fills_no_memory() -> None:
    patience = Patience(SETTINGS)
    for number in range(1000):
        patience.failed(f"source {number}", f"name {number}", 0.0)
        patience.proved(f"known {number}", OLGA)
    assert (len(patience._failed), len(patience._proven)) == (4, 4)


def test_what_was_good_makes_no_room_for_more_failures() -> None:
    patience = Patience(SETTINGS)
    patience.failed("198.51.100.1", OLGA, 0.0)
    for _ in range(20):
        patience.proved(HOME, OLGA)
    for number in range(6):
        patience.failed(f"198.51.100.{number}", OLGA, 0.0)
    assert patience.wait(AWAY, OLGA, 0.0) == 1.0


def test_a_source_that_is_known_is_not_slowed_by_others_and_its_own_failures_stay() -> None:
    patience = Patience(SETTINGS)
    fail(patience, 3, source=HOME)
    patience.known(HOME, OLGA)
    assert patience.wait(HOME, OLGA, 0.0) == 1.0
    for number in range(6):
        patience.failed(f"198.51.100.{number}", OLGA, 0.0)
    assert patience.wait(HOME, OLGA, 1.0) == 0.0
    assert patience.wait(AWAY, OLGA, 0.0) > 0.0

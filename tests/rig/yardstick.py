"""What work costs, measured beside other work in the same moment: bounds that hold on slow and on busy machines."""

import time
from collections.abc import Callable

_LOOP = 100_000


def turns(work: Callable[[], object], *, tries: int = 5) -> float:
    """The processor time of `work` in turns of an empty loop, each a few dozen nanoseconds: the least of some tries."""
    return min(_spent(work) / (_spent(_loop) / _LOOP) for _ in range(tries))


def _loop() -> None:
    for _ in range(_LOOP):
        pass


def _spent(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began

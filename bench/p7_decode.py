"""P7: how fast a printer's answer is decoded, beside pyipp's parser in the same run.

Reads every recording in tests/data/printers; the bar is 5 × pyipp on each that pyipp can read at all. Times are best of
several rounds, ours and theirs in turns, so that a busy machine slows both. And what a cached answer saves.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pyipp.parser import parse

from bench.figure import Bar, Figure
from bench.run import Run
from ippgate.ipp import Tag, decode, encode, encode_group

RECORDINGS = Path(__file__).parent.parent / "tests" / "data" / "printers"
USUAL = "Kyocera-ECOSYS-M2040dn-Printer-Attributes.ipp"
OCTETS_PER_ROUND = 150_000  # small recordings are decoded more often
BAR = Bar("at least", 5)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Microseconds that one recording takes; theirs is None where pyipp fails."""

    octets: int
    ours: float
    theirs: float | None

    @property
    def factor(self) -> float | None:
        """How many times as fast as pyipp."""
        return None if self.theirs is None else self.theirs / self.ours


async def ask(run: Run) -> list[Figure]:
    """The recording with the worst ratio, those that only we read, and what caching saves."""
    run.say("decoding recordings")
    rounds = run.choose(9, 5)
    paths = sorted(path for path in RECORDINGS.iterdir() if path.is_file())
    decoded = {path.name: _decoded(path.read_bytes(), rounds) for path in paths}
    factors = {name: one.factor for name, one in decoded.items() if one.factor is not None}
    worst = min(factors, key=lambda name: factors[name])
    failed = len(decoded) - len(factors)
    composed, encoded = _cached_answer(rounds)
    what = f"times as fast as pyipp, worst of {len(factors)} recordings (pyipp fails on {failed} more)"
    return [
        Figure("P7", what, "×", factors[worst], bar=BAR, raw={"recordings_us": decoded, "worst": worst}),
        Figure("P7", "a printer's answer from its cached group", "µs", composed, "encoding it", encoded),
    ]


def _decoded(octets: bytes, rounds: int) -> Decoded:
    repeats = max(3, OCTETS_PER_ROUND // len(octets))
    fewer = max(2, repeats // 5)  # theirs takes longer
    ours, theirs = [], []
    readable = _pyipp_reads(octets)
    for _ in range(rounds):
        ours.append(_microseconds(lambda: decode(octets), repeats))
        if readable:
            theirs.append(_microseconds(lambda: parse(octets), fewer))
    return Decoded(len(octets), min(ours), min(theirs, default=None))


def _cached_answer(rounds: int) -> tuple[float, float]:
    """Microseconds to put an answer together from header, cached group and end; and to encode all of it."""
    octets = (RECORDINGS / USUAL).read_bytes()
    message, _ = decode(octets)
    printer = message.group(Tag.PRINTER)
    assert printer is not None
    group, end = encode_group(printer), octets[-1:]
    head = octets[: len(octets) - len(group) - 1]
    composed = min(_microseconds(lambda: head + group + end, 1000) for _ in range(rounds))
    return composed, min(_microseconds(lambda: encode(message), 50) for _ in range(rounds))


def _pyipp_reads(octets: bytes) -> bool:
    try:
        parse(octets)
    except Exception:  # noqa: BLE001 — whatever it stumbles over, it did not read the recording
        return False
    return True


def _microseconds(act: Callable[[], object], repeats: int) -> float:
    started = time.perf_counter()
    for _ in range(repeats):
        act()
    return (time.perf_counter() - started) / repeats * 1e6

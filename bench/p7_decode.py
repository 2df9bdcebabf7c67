"""P7: how fast a printer's answer is decoded, beside pyipp's parser in the same run.

Reads every recording in tests/data/printers; the bar is 5 × pyipp on each that pyipp can read at all. Times are best of
several rounds, ours and theirs in turns, so that a busy machine slows both.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyipp.parser import parse

from ippgate.ipp import decode, encode, encode_group
from ippgate.ipp.tag import Tag

RECORDINGS = Path(__file__).parent.parent / "tests" / "data" / "printers"
ROUNDS = 7
OCTETS_PER_ROUND = 150_000  # small recordings are decoded more often
BAR = 5.0


def main() -> dict[str, Any]:
    """Print a line for each recording; returns the figures: microseconds, the ratio to pyipp, the worst ratio."""
    recordings = {path.name: _figures(path.read_bytes()) for path in sorted(RECORDINGS.iterdir()) if path.is_file()}
    print(f"{'recording':58}{'octets':>8}{'ours µs':>10}{'pyipp µs':>10}{'ratio':>7}")
    for name, figures in recordings.items():
        pyipp = f"{figures['pyipp_us']:10.1f}{figures['ratio']:7.1f}" if figures["ratio"] else f"{'fails':>10}"
        print(f"{name:58}{figures['octets']:8}{figures['ours_us']:10.1f}{pyipp}")
    worst = min(figures["ratio"] for figures in recordings.values() if figures["ratio"])
    cached = _cached_answer()
    print(
        f"worst ratio {worst:.1f} (bar {BAR:.0f}); encoding a printer's answer {cached['encoded_us']:.0f} µs, "
        f"composing it from its cached group {cached['composed_us']:.1f} µs"
    )
    return {"bar": BAR, "worst_ratio": worst, "recordings": recordings, "cached_answer": cached}


def _figures(octets: bytes) -> dict[str, Any]:
    repeats = max(3, OCTETS_PER_ROUND // len(octets))
    theirs = None
    ours = _seconds(decode, octets, repeats)
    if _pyipp_reads(octets):
        theirs = _seconds(parse, octets, max(2, repeats // 5))
        for _ in range(ROUNDS - 1):
            ours = min(ours, _seconds(decode, octets, repeats))
            theirs = min(theirs, _seconds(parse, octets, max(2, repeats // 5)))
    ratio = round(theirs / ours, 2) if theirs else None
    return {
        "octets": len(octets),
        "ours_us": round(ours * 1e6, 1),
        "pyipp_us": round(theirs * 1e6, 1) if theirs else None,
        "ratio": ratio,
    }


def _cached_answer() -> dict[str, float]:
    """What it saves that a printer's attributes are encoded once: the whole message against header, group and end."""
    octets = (RECORDINGS / "Kyocera-ECOSYS-M2040dn-Printer-Attributes.ipp").read_bytes()
    message, _ = decode(octets)
    printer = message.group(Tag.PRINTER)
    assert printer is not None
    group = encode_group(printer)
    head = octets[: len(octets) - len(group) - 1]
    return {
        "encoded_us": round(_seconds(encode, message, 50) * 1e6, 1),
        "composed_us": round(_seconds(lambda tail: head + group + tail, b"\3", 1000) * 1e6, 2),
    }


def _pyipp_reads(octets: bytes) -> bool:
    try:
        parse(octets)
    except Exception:  # noqa: BLE001 — whatever it stumbles over, it did not read the recording
        return False
    return True


def _seconds(act: Callable[[Any], object], argument: object, repeats: int) -> float:
    started = time.perf_counter()
    for _ in range(repeats):
        act(argument)
    return (time.perf_counter() - started) / repeats


if __name__ == "__main__":
    print(json.dumps(main()))

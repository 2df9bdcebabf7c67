"""Several workers share their figures through files: made clean at the start, a dead worker's gauges taken out.

The process that starts the workers calls `begin` before the first one and `forget` after each death; counters of the
dead stay, for what was counted has happened.
"""

from pathlib import Path

from prometheus_client.multiprocess import mark_process_dead

FOLDER = "metrics"


def begin(run: Path) -> Path:
    """Make the shared folder under `run`, free of an earlier server's figures; returns it."""
    folder = run / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        file.unlink(missing_ok=True)
    return folder


def forget(folder: Path, pid: int) -> None:
    """Take out what a dead worker said of the present."""
    mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]  # the library's

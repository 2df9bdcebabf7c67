"""The most memory a process had while something happened, as the kernel counted it."""

import re
from pathlib import Path

_RESET_PEAK = "5"  # proc(5), /proc/PID/clear_refs: the peak becomes what is resident now


class Memory:
    """Watches one process: how far its resident memory rose above what it was at the beginning."""

    def __init__(self, pid: int) -> None:
        self._folder = Path(f"/proc/{pid}")
        (self._folder / "clear_refs").write_text(_RESET_PEAK)
        self.before = self._kibibytes("VmRSS")

    def growth(self) -> float:
        """MiB above the beginning, at the highest moment since."""
        return (self._kibibytes("VmHWM") - self.before) / 1024

    def _kibibytes(self, name: str) -> int:
        found = re.search(rf"^{name}:\s+(\d+) kB$", (self._folder / "status").read_text(), re.MULTILINE)
        if found is None:
            raise ValueError(f"the kernel does not tell {name}")
        return int(found[1])

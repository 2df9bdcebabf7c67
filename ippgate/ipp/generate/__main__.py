"""`python -m ippgate.ipp.generate ipp-registrations.xml`: rewrite `ippgate/ipp/registry/`."""

import sys
from pathlib import Path

from ippgate.ipp.generate.render import render
from ippgate.ipp.generate.source import read

REGISTRY = Path(__file__).parent.parent / "registry"


def main(arguments: list[str]) -> int:
    """Write the modules. 0 done, 1 the file has a slip that the errata do not cover, 2 usage."""
    if len(arguments) != 1:
        print("usage: python -m ippgate.ipp.generate ipp-registrations.xml", file=sys.stderr)
        return 2
    try:
        modules = render(read(Path(arguments[0])))
    except (OSError, ValueError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    for name, text in modules.items():
        (REGISTRY / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

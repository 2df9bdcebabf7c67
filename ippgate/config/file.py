"""The configuration file: where it is looked for, what is in it, and on which lines."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from ippgate.config.problem import Problem
from ippgate.config.source import Entry

NAME = "ippgate.toml"
SYSTEM_FILE = Path("/etc/ippgate") / NAME
SIZE_LIMIT = 1 << 20
"""Octets: a larger file is not a configuration."""

_SECTION = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*["']?([A-Za-z0-9_.-]+)["']?\s*=""")
_AT_LINE = re.compile(r"^(?P<fault>.*?) \(at line (?P<line>[0-9]+), column [0-9]+\)$", re.DOTALL)


def find(named: Path | None, environ: Mapping[str, str], home: Path, *, system: Path = SYSTEM_FILE) -> Path | None:
    """The file to read: the one that was named, else the home's, else the system's; None when there is none."""
    if named is not None:
        return named
    if environ.get("IPPGATE_CONFIG"):
        return Path(environ["IPPGATE_CONFIG"]).expanduser()
    return next((path for path in (home / NAME, system) if path.is_file()), None)


def entries(path: Path, problems: list[Problem]) -> list[Entry]:
    """Everything the file says; what keeps it from being read is added to `problems`."""
    try:
        with path.open("rb") as file:
            raw = file.read(SIZE_LIMIT + 1)
        if len(raw) > SIZE_LIMIT:
            problems.append(Problem(str(path), "", "the file is larger than 1 MiB", "name a configuration file"))
            return []
        text = raw.decode()
        tree = tomllib.loads(text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        problems.append(Problem(str(path), "", f"cannot be read ({reason})", "check its name and its permissions"))
    except UnicodeDecodeError:
        problems.append(Problem(str(path), "", "the file is not UTF-8", "save it as UTF-8"))
    except tomllib.TOMLDecodeError as error:
        problems.append(_syntax(path, str(error)))
    else:
        return list(_flattened(tree, str(path), _lines(text)))
    return []


def _syntax(path: Path, message: str) -> Problem:
    found = _AT_LINE.match(message)
    fault, line = (found["fault"], int(found["line"])) if found else (message, None)
    return Problem(
        str(path), "", f"this is not TOML ({fault})", "see https://toml.io, or start from conf/ippgate.toml", line
    )


def _flattened(tree: dict[str, object], where: str, lines: Mapping[str, int]) -> Iterator[Entry]:
    for name, value in tree.items():
        if isinstance(value, dict):
            if not value:
                yield Entry(name, "", {}, where, lines.get(name), lines.get(name))
            for key, inner in value.items():
                line = lines.get(f"{name}.{key}", lines.get(name))
                yield Entry(name, str(key), inner, where, line, lines.get(name))
        else:
            yield Entry("", name, value, where, lines.get(name))


def _lines(text: str) -> dict[str, int]:
    """The line of each section and key: a hint for people, so a plain look at how lines begin is enough."""
    found: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _SECTION.match(line):
            prefix = f"{match[1]}."
            found.setdefault(match[1], number)
        elif match := _KEY.match(line):
            found.setdefault(f"{prefix}{match[1]}", number)
    return found

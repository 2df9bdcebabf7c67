"""File, environment and defaults become Settings; whatever is wrong with them is said in one go.

The environment wins over the file, the file over the defaults.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import cast, get_type_hints

from ippgate.config import environment, file
from ippgate.config.check import UnfitError, check, nearest
from ippgate.config.option import Option, Scalar, option_of
from ippgate.config.problem import ConfigError, Problem
from ippgate.config.readers import is_of_the_machine
from ippgate.config.settings import HOME, Settings
from ippgate.config.source import Entry

HOME_OPTION = Option("Where the gate keeps its keys, the embedded PostgreSQL and what the demo device prints.")
TOP = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings and where they came from."""

    settings: Settings
    file: Path | None
    origins: Mapping[str, str]  # server.port → the file with its line, or the variable; absent: the default


@cache
def sections() -> dict[str, type]:
    """The dataclass of each section."""
    hints = get_type_hints(Settings)
    return {part.name: hints[part.name] for part in fields(Settings) if part.name != "home"}


@cache
def keys() -> dict[tuple[str, str], tuple[type, Option]]:
    """Every key: its type and its law, in the order of the dataclasses."""
    found: dict[tuple[str, str], tuple[type, Option]] = {(TOP, "home"): (Path, HOME_OPTION)}
    for section, kind in sections().items():
        hints = get_type_hints(kind)
        for declared in fields(kind):
            found[section, declared.name] = (hints[declared.name], option_of(declared))
    return found


def load(named: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in force. `named` is the file that was asked for. Raises ConfigError with every problem."""
    return read(named, environ).settings


def read(
    named: Path | None = None, environ: Mapping[str, str] | None = None, *, system: Path = file.SYSTEM_FILE
) -> Configuration:
    """The settings in force and where each came from. Raises ConfigError with every problem."""
    environ = os.environ if environ is None else environ
    problems: list[Problem] = []
    path = file.find(named, environ, _home(environ), system=system)
    written = file.entries(path, problems) if path else []
    variables = {environment.variable(*key): key for key in keys()}
    values: dict[tuple[str, str], Scalar | Path] = {}
    origins: dict[str, str] = {}
    for entry in [*written, *environment.entries(environ, variables)]:
        _take(entry, values, origins, problems)
    problems += _contradictions(values, origins)
    if problems:
        raise ConfigError(problems)
    return Configuration(_settings(values, environ), path, origins)


def _take(
    entry: Entry, values: dict[tuple[str, str], Scalar | Path], origins: dict[str, str], problems: list[Problem]
) -> None:
    law = keys().get((entry.section, entry.key))
    if law is None:
        stranger = _stranger(entry)
        if stranger is not None and stranger not in problems:  # a strange section is named once, not for each key
            problems.append(stranger)
        return
    try:
        values[entry.section, entry.key] = check(entry.value, *law, text=entry.text)
    except UnfitError as unfit:
        problems.append(Problem(entry.where, entry.path, unfit.fault, unfit.remedy, entry.line))
    else:
        origins[entry.path] = entry.where if entry.line is None else f"{entry.where}:{entry.line}"


def _stranger(entry: Entry) -> Problem | None:
    """What to say of a key that does not exist; None: an empty section, which does no harm."""
    if entry.text:
        words = [*environment.SHORT, environment.CONFIG, *(environment.variable(*key) for key in keys())]
        return _unknown(entry, "variable", entry.key, words, key="")
    if entry.section not in {TOP, *sections()}:
        at_head = replace(entry, line=entry.section_line)
        return _unknown(at_head, "section", entry.section, list(sections()), key=entry.section)
    if entry.section == TOP:
        words = ["home", *sections()]
        if entry.key in sections():
            return Problem(entry.where, entry.key, "this is a section, not a key", f"write [{entry.key}]", entry.line)
        return _unknown(entry, "key", entry.key, words, key=entry.key)
    if entry.key == "":
        return None
    return _unknown(
        entry, "key", entry.key, [key for section, key in keys() if section == entry.section], key=entry.path
    )


def _unknown(entry: Entry, what: str, word: str, words: list[str], *, key: str) -> Problem:
    meant = nearest(word, words)
    remedy = f"did you mean {meant}?" if meant else f"there are {', '.join(words)}" if len(words) < 32 else "unset it"
    return Problem(entry.where, key, f"there is no such {what}", remedy, entry.line)


def _contradictions(values: Mapping[tuple[str, str], Scalar | Path], origins: Mapping[str, str]) -> list[Problem]:
    """What each value allows alone and both together do not."""
    found = []
    for section, low, high in (("intake", "max_connections_per_address", "max_connections"),):
        default = sections()[section]()
        lesser, greater = (values.get((section, key), getattr(default, key)) for key in (low, high))
        if lesser > greater:
            where = origins.get(f"{section}.{low}") or origins.get(f"{section}.{high}") or "the defaults"
            fault = f"{lesser} is more than {section}.{high}, which is {greater}"
            found.append(Problem(where, f"{section}.{low}", fault, "lower the first or raise the second"))
    if values.get(("server", "tls_key")) and not values.get(("server", "tls_certificate")):
        fault, where = "there is a key and no certificate", origins["server.tls_key"]
        found.append(Problem(where, "server.tls_key", fault, "set server.tls_certificate too, or neither"))
    if values.get(("server", "tls"), True):
        found += _same_port(values, origins)
    found += _plain_readers(values, origins)
    return found


def _same_port(values: Mapping[tuple[str, str], Scalar | Path], origins: Mapping[str, str]) -> list[Problem]:
    default = sections()["server"]()
    plain, tls = (values.get(("server", key), getattr(default, key)) for key in ("port", "tls_port"))
    if plain != tls or plain == 0:
        return []
    where = origins.get("server.tls_port") or origins.get("server.port") or "the defaults"
    return [Problem(where, "server.tls_port", f"{tls} is server.port as well", "choose another port for one of them")]


def _plain_readers(values: Mapping[tuple[str, str], Scalar | Path], origins: Mapping[str, str]) -> list[Problem]:
    """Readers that would send tokens and cards over the network for everybody to read."""

    def said(section: str, key: str) -> Scalar | Path:
        return values.get((section, key), getattr(sections()[section](), key))

    if not said("readers", "port"):
        return []
    where = origins["readers.port"]
    if said("readers", "tls"):
        if said("server", "tls"):
            return []
        return [
            Problem(where, "readers.tls", "server.tls is off, so there is no certificate", "set readers.tls = false")
        ]
    host = str(said("readers", "host") or said("server", "host"))
    if said("readers", "plain") or is_of_the_machine(host):
        return []
    fault = f"readers without TLS would be listened to on {host}"
    return [Problem(where, "readers.tls", fault, "set readers.tls = true, readers.host = 127.0.0.1 or readers.plain")]


def _settings(values: Mapping[tuple[str, str], Scalar | Path], environ: Mapping[str, str]) -> Settings:
    parts = {
        section: kind(**{key: value for (of, key), value in values.items() if of == section})
        for section, kind in sections().items()
    }
    home = cast("Path | None", values.get((TOP, "home")))
    return Settings(home=home or _home(environ), **parts)


def _home(environ: Mapping[str, str]) -> Path:
    """Where the gate lives when no file says otherwise: also where the file itself is looked for."""
    text = environ.get("IPPGATE_HOME") or HOME
    user_home = environ.get("HOME")
    if text.startswith("~/") and user_home:
        return Path(user_home) / text[2:]
    return Path(text).expanduser().absolute()

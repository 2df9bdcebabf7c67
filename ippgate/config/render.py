"""Settings for people's eyes: the commented file, and the values in force with secrets masked."""

import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from ippgate.config import quantity
from ippgate.config.environment import SHORT, variable
from ippgate.config.load import Configuration, keys, sections
from ippgate.config.option import Option, option_of
from ippgate.config.settings import HOME

MASK = "*****"
WIDTH = 110

HEADER = """\
# ippgate.toml: every key with its unit and its default. What is commented out has that default.
# Sizes take B, KiB, MiB, GiB, TiB; times take s, min, h, d; a bare number is octets or seconds.
# Each key can be set in the environment too, and wins there: IPPGATE_<SECTION>_<KEY>.
# Looked for: --config, $IPPGATE_CONFIG, $IPPGATE_HOME/ippgate.toml, /etc/ippgate/ippgate.toml.
"""

_PASSWORD_BEFORE_AT = re.compile(r"(?<=://)([^/?#@:]*):[^/?#]*@")
_PASSWORD_PARAMETER = re.compile(r"(?i)([?&](?:password|sslpassword)=)[^&#]*")


def masked(text: str) -> str:
    """A DSN that may be shown: its passwords are gone, whichever way they were given."""
    text = _PASSWORD_BEFORE_AT.sub(rf"\1:{MASK}@", text)
    return _PASSWORD_PARAMETER.sub(rf"\1{MASK}", text)


def commented_file() -> str:
    """conf/ippgate.toml."""
    return "".join(_file_lines())


def shown(configuration: Configuration) -> dict[str, dict[str, Any]]:
    """Key → {value, unit, origin}, every key there is, for `config show`."""
    settings = configuration.settings
    found: dict[str, dict[str, Any]] = {}
    for (section, key), (_, law) in keys().items():
        path = f"{section}.{key}" if section else key
        value = getattr(getattr(settings, section), key) if section else settings.home
        if law.secret:
            value = masked(str(value))
        origin = configuration.origins.get(path, "default")
        found[path] = {"value": str(value) if isinstance(value, Path) else value, "unit": law.unit, "origin": origin}
    return found


def written(value: object, law: Option) -> str:
    """The value as it would stand in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        text = quantity.written(value, law.unit)
        return text if text.replace(".", "", 1).isdigit() else f'"{text}"'
    return json.dumps(str(value), ensure_ascii=False)


def _file_lines() -> Iterator[str]:
    yield HEADER
    (_, home_law) = keys()["", "home"]
    yield "\n" + _comment(home_law.doc) + f"# Unit: path. Default: {HOME}. Environment: {variable('', 'home')}.\n"
    yield f'# home = "{HOME}"\n'
    for section, kind in sections().items():
        yield f"\n\n[{section}]\n# {kind.__doc__}\n"
        for declared in fields(kind):
            law = option_of(declared)
            yield "\n" + _comment(law.doc) + f"# {_measure(section, declared.name, declared.default, law)}\n"
            yield f"# {declared.name} = {written(declared.default, law)}\n"


def _measure(section: str, key: str, default: object, law: Option) -> str:
    """One line: the unit, the bounds, the default, and a short variable where there is one."""
    if law.choices:
        unit = f"one of {', '.join(law.choices)}"
    elif isinstance(default, bool):
        unit = "true or false"
    else:
        unit = law.unit or law.counts or ("text" if isinstance(default, str) else "number")
    if law.low is not None and law.high is not None:
        unit += f", {quantity.written(law.low, law.unit)} to {quantity.written(law.high, law.unit)}"
    short = "".join(f" Environment: {name}." for name, named in SHORT.items() if named == (section, key))
    return f"Unit: {unit}. Default: {written(default, law).strip(chr(34)) or 'empty'}.{short}"


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in textwrap.wrap(text, WIDTH, break_on_hyphens=False))

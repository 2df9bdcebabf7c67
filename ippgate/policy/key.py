"""The keys of a rule: what each may hold and what it does. The only list: the checker, `rule facts` and the comments of
conf/rules.toml go by it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from ippgate.model.text import plain
from ippgate.policy.bound import (
    MAX_NAME,
    MAX_RETENTION,
    MAX_SENTENCE,
    MAX_TAG,
    MAX_TAGS,
    MAX_TARGET,
)
from ippgate.policy.condition import condition
from ippgate.policy.problem import UnfitError
from ippgate.policy.rule import Stage, Unknown
from ippgate.policy.shape import How
from ippgate.policy.worth import shapes

_TAG = re.compile(r"[a-z0-9][a-z0-9._-]*")
_TIME = re.compile(r"([0-9]{1,9}) ?(s|min|h|d)")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
_SHOWN = 40

Fields = dict[str, Any]
"""Fields of a Rule."""


@dataclass(frozen=True, slots=True)
class Key:
    """The law of one key. `read`: value and rule's name → fields of the Rule; raises UnfitError."""

    name: str
    form: str  # a value, as it is written
    meaning: str  # a clause
    read: Callable[[object, str], Fields]
    action: bool = True


def _name(value: object, _rule: str) -> Fields:
    return {"name": _line(value, MAX_NAME)}


def _when(value: object, _rule: str) -> Fields:
    if not isinstance(value, str):
        raise UnfitError(f"{_shown(value)} is no condition", "put it in quotation marks; leave out `when` for always")
    return {"when": condition(value)}


def _unknown(value: object, _rule: str) -> Fields:
    return {"unknown": Unknown(_choice(value, [each.value for each in Unknown]))}


def _stage(value: object, _rule: str) -> Fields:
    chosen = _choice(value, [*(stage.value for stage in Stage), "both"])
    return {"stages": frozenset(Stage) if chosen == "both" else frozenset((Stage(chosen),))}


def _hold(value: object, rule: str) -> Fields:
    return {"hold": f"held by the rule “{rule}”" if value is True else _sentence(value)}


def _refuse(value: object, _rule: str) -> Fields:
    return {"refuse": _sentence(value)}


def _send_to(value: object, _rule: str) -> Fields:
    return {"send_to": _line(value, MAX_TARGET)}


def _priority(value: object, _rule: str) -> Fields:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 100:
        raise UnfitError(f"{_shown(value)} is no priority", "write a whole number from 1 to 100; 50 is usual")
    return {"priority": value}


def _retention(value: object, _rule: str) -> Fields:
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    seconds = int(match[1]) * _SECONDS[match[2]] if match else 0
    if not 1 <= seconds <= MAX_RETENTION:
        raise UnfitError(f"{_shown(value)} is no time", 'write a time such as "2 h", up to "365 d"')
    return {"retention": seconds}


def _tag(value: object, _rule: str) -> Fields:
    tags = value if isinstance(value, list) else [value]
    for tag in tags:
        if not isinstance(tag, str) or len(tag) > MAX_TAG or not _TAG.fullmatch(tag):
            raise UnfitError(f"{_shown(tag)} is no tag", f"use a-z, 0-9, dot, dash and underscore, up to {MAX_TAG}")
    if not 1 <= len(tags) <= MAX_TAGS:
        raise UnfitError(f"there are {len(tags)} tags", f"write 1 to {MAX_TAGS}")
    return {"tags": tuple(dict.fromkeys(tags))}


def _flag(name: str) -> Callable[[object, str], Fields]:
    def read(value: object, _rule: str) -> Fields:
        if value is not True:
            raise UnfitError(f"{_shown(value)} is not true", f"write {name} = true, or leave it out")
        return {name: True}

    return read


def _shaping(how: How) -> Callable[[object, str], Fields]:
    def read(value: object, rule: str) -> Fields:
        return {"shapes": shapes(how, value, rule)}

    return read


def _sentence(value: object) -> str:
    return _line(value, MAX_SENTENCE, "write a sentence for the person who prints")


def _line(value: object, limit: int, remedy: str = "write one line of text") -> str:
    if not isinstance(value, str) or not value.strip():
        raise UnfitError(f"{_shown(value)} is no text", remedy)
    text = value.strip()
    if len(text) > limit:
        raise UnfitError(f"the text has {len(text)} characters; {limit} are allowed", "say it in fewer words")
    if plain(text, limit) != text:
        raise UnfitError("the text has signs that nobody sees, or several blanks in a row", "write one plain line")
    return text


def _choice(value: object, known: list[str]) -> str:
    if isinstance(value, str) and value in known:
        return value
    raise UnfitError(f"{_shown(value)} is not known", f"write one of {', '.join(known)}")


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str | int | float) else f"a {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


_LIST = (
    Key("name", '"Long jobs"', "what it is called in explanations; each name once", _name, action=False),
    Key("when", '"job.pages > 20"', "the condition; without it the rule always applies", _when, action=False),
    Key(
        "unknown",
        '"hold"',
        "what happens where a fact is not known: hold the job and say so (the default), match, or skip the rule",
        _unknown,
        action=False,
    ),
    Key(
        "stage",
        '"both"',
        "arrival or release or both; without it, release where the rule speaks of the device, arrival elsewhere",
        _stage,
        action=False,
    ),
    Key("refuse", '"Ask the print shop."', "the job is not taken; the person who prints is told why", _refuse),
    Key("hold", '"Waits until 7:00."', "the job waits until somebody releases it; true, or a sentence why", _hold),
    Key("print_directly", "true", "the job does not wait for its owner", _flag("print_directly")),
    Key("send_to", '"production"', "a device, or a group of devices", _send_to),
    Key(
        "force",
        '{ sides = "two-sided-long-edge" }',
        "attributes that the job gets, whatever is asked for",
        _shaping(How.FORCE),
    ),
    Key("cap", "{ copies = 20 }", "the most that may be asked for; more is lowered", _shaping(How.CAP)),
    Key(
        "default",
        '{ print_quality = "draft" }',
        "attributes that the job gets where nothing is asked for",
        _shaping(How.DEFAULT),
    ),
    Key("priority", "80", "1 to 100, of the jobs that wait for a device; 50 is usual", _priority),
    Key("retention", '"2 h"', "how long the job may wait for its release before it is given up", _retention),
    Key(
        "require_account",
        "true",
        "a job that names no account (job-account-id) is held until it does",
        _flag("require_account"),
    ),
    Key("tag", '"mail"', "a word, or a list of words, that is kept with the job", _tag),
    Key("stop", "true", "no later rule is asked", _flag("stop")),
)

KEYS: Final[Mapping[str, Key]] = MappingProxyType({key.name: key for key in _LIST})
"""Every key of a rule by its name."""

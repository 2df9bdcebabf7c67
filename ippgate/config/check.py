"""One value against its option: the value in the option's own unit, or what is wrong and what to write instead."""

from difflib import get_close_matches
from pathlib import Path

from ippgate.config import quantity
from ippgate.config.option import Option, Scalar

TRUE, FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


class UnfitError(Exception):
    """The value cannot be taken: `fault` and `remedy` are clauses for a Problem."""

    def __init__(self, fault: str, remedy: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.remedy = remedy


def check(value: object, kind: type, law: Option, *, text: bool) -> Scalar | Path:
    """The value as `kind`; `text`: it comes from the environment, where everything is text. Raises UnfitError."""
    if kind is bool:
        return _truth(value, text=text)
    if kind in (int, float):
        return _number(value, kind, law, text=text)
    return _path(_text(value, law), text=text) if kind is Path else _text(value, law)


def _truth(value: object, *, text: bool) -> bool:
    if isinstance(value, bool):
        return value
    if text and str(value).lower() in TRUE + FALSE:
        return str(value).lower() in TRUE
    raise UnfitError(f"{_shown(value)} is neither true nor false", "write true or false")


def _number(value: object, kind: type, law: Option, *, text: bool) -> int | float:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if isinstance(value, str) and (text or law.unit):
        number = quantity.parse(value, law.unit)
    if number is None or (kind is int and not float(number).is_integer()):
        raise UnfitError(f"{_shown(value)} is not {_kind_of(kind, law)}", f"write {_bounds(law)}")
    # Written so that a NaN is out of range as well.
    if not ((law.low is None or number >= law.low) and (law.high is None or number <= law.high)):
        raise UnfitError(f"{_shown(value)} is out of range", f"write {_bounds(law)}")
    return int(number) if kind is int else float(number)


def _text(value: object, law: Option) -> str:
    if not isinstance(value, str):
        raise UnfitError(f"{_shown(value)} is not a text", "put it in quotation marks")
    if law.choices and value not in law.choices:
        raise UnfitError(f"{_shown(value)} is not one of the choices", f"write one of {', '.join(law.choices)}")
    shown = "this value" if law.secret else _shown(value)
    if "\0" in value or "\n" in value:
        raise UnfitError(f"{shown} holds a control character", "write one line of text")
    remedy = law.form(value) if law.form else None
    if remedy:
        raise UnfitError(f"{shown} does not have the right form", remedy)
    return value


def _path(value: str, *, text: bool) -> Path:
    try:
        path = Path(value).expanduser()
    except RuntimeError:
        raise UnfitError(f"{_shown(value)} names nobody's home directory", "write an absolute path") from None
    if text:  # typed at a shell, it means what it means there
        return path.absolute()
    if not path.is_absolute():
        raise UnfitError(f"{_shown(value)} is not an absolute path", "write an absolute path, such as /var/lib/ippgate")
    return path


def _kind_of(kind: type, law: Option) -> str:
    if law.unit == "octets":
        return "a size"
    if law.unit == "seconds":
        return "a time" if kind is float else "a time in whole seconds"
    return "a whole number" if kind is int else "a number"


def _bounds(law: Option) -> str:
    what = {"octets": "a size such as 64 MiB", "seconds": "a time such as 90 s", "": "a number"}[law.unit]
    if law.low is not None and law.high is not None:
        return f"{what} from {quantity.written(law.low, law.unit)} to {quantity.written(law.high, law.unit)}"
    return what


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def nearest(word: str, words: list[str]) -> str | None:
    """The known word that was probably meant."""
    return next(iter(get_close_matches(word, words, n=1, cutoff=0.6)), None)

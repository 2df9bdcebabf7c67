"""Structured logs: `note(Event, facts)` writes one line, `about(job=…)` names what all lines within are about."""

import json
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from threading import Lock
from typing import Any, Literal, TextIO
from uuid import uuid4

import structlog
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.processors import add_log_level
from structlog.typing import EventDict, WrappedLogger

from ippgate.observe.event import GRAVE, NOTABLE, Event
from ippgate.observe.foreign import Bridge
from ippgate.observe.safe import safe_trace, safe_value

Format = Literal["auto", "json", "console"]
SILENT = "silent"
LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, SILENT: 50}

_LEVEL = {event: "error" if event in GRAVE else "warning" if event in NOTABLE else "info" for event in Event}


def configure(form: str = "auto", level: str = "info", stream: TextIO | None = None) -> None:
    """Send everything that is worth noticing to `stream` (standard error); the standard library's logging too.

    `level` is debug, info, warning, error, or silent. May be called again. Before the first call nothing is written.
    """
    stream = sys.stderr if stream is None else stream
    console = form == "console" or (form == "auto" and stream.isatty())
    render = _console(colors=stream.isatty()) if console else _as_json
    global _log  # noqa: PLW0603 - one logger for the process, bound once: binding for each line costs more than the line
    _log = _logger(Writer(stream), level, [merge_contextvars, add_log_level, _stamped, _harmless, render])
    Bridge.install(_library)


def note(event: Event, **facts: object) -> None:
    """Write down that something happened. Facts are numbers and texts; hostile ones are made harmless."""
    getattr(_log, _LEVEL[event])(event.value, **facts)


def mishap(error: BaseException, **facts: object) -> str:
    """Write down an error that nobody expected, with its trace; return the id by which people may ask about it."""
    error_id = uuid4().hex[:12]
    note(Event.MISHAP, error_id=error_id, error=repr(error), exception=_trace(error), **facts)
    return error_id


@contextmanager
def about(**names: object) -> Iterator[None]:
    """Everything noted within, in this task and those it starts, carries these names: job, device, request."""
    with bound_contextvars(**names):
        yield


def _library(level: str, logger: str, said: str, error: BaseException | None) -> None:
    facts: dict[str, object] = {"logger": logger, "said": said}
    if error is not None:
        facts["exception"] = _trace(error)
    getattr(_log, level)(Event.LIBRARY.value, **facts)


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


class Writer:
    """One line for one event. A log that cannot be written must not stop a job, so what the stream refuses is lost."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = Lock()

    def write(self, line: str) -> None:
        """Write a line, whole."""
        with self._lock, suppress(OSError, ValueError):
            self._stream.write(f"{line}\n")
            self._stream.flush()

    debug = info = warning = error = critical = write


def _logger(writer: Writer, level: str, processors: list[Any]) -> Any:
    kind = structlog.make_filtering_bound_logger(LEVELS[level])
    return structlog.wrap_logger(writer, processors=processors, wrapper_class=kind).bind()


_stamped = structlog.processors.TimeStamper(fmt="iso", utc=True, key="time")


def _harmless(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """What every line begins with first, then the facts, safe to read."""
    ordered: EventDict = {"time": line.pop("time"), "level": line.pop("level"), "event": line.pop("event")}
    for key, value in line.items():
        ordered[key] = safe_trace(str(value)) if key == "exception" else safe_value(value)
    return ordered


_dumps: Callable[[object], str] = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def _as_json(_logger: WrappedLogger, _method: str, line: EventDict) -> str:
    return _dumps(line)


def _console(*, colors: bool) -> Any:
    return structlog.dev.ConsoleRenderer(
        colors=colors, pad_event_to=24, timestamp_key="time", exception_formatter=structlog.dev.plain_traceback
    )


_log: Any = _logger(Writer(sys.stderr), SILENT, [])

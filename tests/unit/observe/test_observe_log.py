"""What happens is written once, as one line, with the job it is about, and cannot be forged."""

import ast
import asyncio
import io
import json
import logging
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ippgate
from ippgate.observe import Event, about, configure, mishap, note
from ippgate.observe.event import GRAVE, NOTABLE
from ippgate.observe.foreign import Bridge
from tests.rig.yardstick import turns

Said = Callable[[], list[dict[str, Any]]]
PACKAGE = Path(ippgate.__file__).parent


def test_a_line_has_time_level_event_and_facts_in_this_order(said: Said) -> None:
    note(Event.JOB_ACCEPTED, queue="followme", octets=65536)
    [line] = said()
    assert list(line) == ["time", "level", "event", "queue", "octets"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", line["time"])
    assert (line["level"], line["event"], line["queue"], line["octets"]) == ("info", "job.accepted", "followme", 65536)


def test_the_job_id_is_on_every_line_within_and_in_tasks_it_starts(said: Said) -> None:
    async def deliver() -> None:
        note(Event.DELIVERY_STARTED)

    async def both() -> None:
        async with asyncio.TaskGroup() as tasks:
            with about(job=17):
                tasks.create_task(deliver())
            with about(job=18, device="copier"):
                tasks.create_task(deliver())
        note(Event.SPOOL_SWEPT)

    asyncio.run(both())
    assert [(line.get("job"), line.get("device")) for line in said()] == [(17, None), (18, "copier"), (None, None)]


def test_an_event_is_as_loud_as_it_is_grave(said: Said) -> None:
    for event in (Event.JOB_HELD, Event.DELIVERY_UNKNOWN, Event.DATABASE_LOST):
        note(event)
    assert [line["level"] for line in said()] == ["info", "warning", "error"]
    assert not GRAVE & NOTABLE


@pytest.mark.parametrize(("level", "lines"), [("info", 3), ("warning", 2), ("error", 1), ("silent", 0)])
def test_the_level_lets_through_what_is_as_important(level: str, lines: int) -> None:
    stream = io.StringIO()
    configure("json", level, stream)
    for event in (Event.JOB_HELD, Event.DELIVERY_UNKNOWN, Event.DATABASE_LOST):
        note(event)
    assert len(stream.getvalue().splitlines()) == lines


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize(
    "hostile",
    [
        'x\n{"event":"job.released","job":1}',
        "x\r\n2026-01-01T00:00:00Z [error] forged",
        "\x1b]0;title\x07\x1b[31mred\x1b[2J",
        "abc\u202egnp.exe\u2066",
        "a\u2028b\u2029c\x85d",
        "\x00\x7f\x9b31m",
        "zero\u200bwidth\ufeff",
        "\ud800lone surrogate",
        "tag\U000e0041",
    ],
)
def test_hostile_text_stays_visible_on_its_one_line(form: Any, hostile: str) -> None:
    stream = io.StringIO()
    configure(form, "info", stream)
    with about(job=hostile):
        note(Event.JOB_ACCEPTED, name=hostile, others=[hostile, {hostile: hostile}], octets=1)
    text = stream.getvalue()
    assert text.endswith("\n")
    assert text.count("\n") == 1
    assert text[:-1].isprintable()
    text.encode()


def test_long_values_are_cut_and_say_by_how_much(said: Said) -> None:
    note(Event.JOB_ACCEPTED, name="x" * 10_000, many=list(range(1000)), deep=[[[[["x" * 9000]]]]])
    [line] = said()
    assert line["name"] == "x" * 512 + "…(+9488)"
    assert line["many"][-1] == "…(+968)"
    assert len(line["many"]) == 33
    assert len(json.dumps(line)) < 4000


def test_an_unexpected_error_is_found_by_its_id_and_its_trace_cannot_pass_for_a_line(said: Said) -> None:
    try:
        raise ValueError('boom\n{"event":"job.released"}')
    except ValueError as error:
        error_id = mishap(error, operation="Print-Job")
    [line] = said()
    assert (line["event"], line["level"], line["error_id"]) == ("mishap", "error", error_id)
    assert line["exception"].startswith("Traceback")
    assert all(part.startswith("    ") for part in line["exception"].splitlines()[1:])


def test_on_a_console_a_trace_is_indented_below_its_line() -> None:
    stream = io.StringIO()
    configure("console", "info", stream)
    try:
        raise ValueError("boom\n2026-01-01T00:00:00Z [error    ] forged")
    except ValueError as error:
        mishap(error)
    first, second, *rest = stream.getvalue().splitlines()
    assert "mishap" in first
    assert second.startswith("Traceback")
    assert all(line.startswith("    ") for line in rest)


def test_what_libraries_log_goes_the_same_way(said: Said) -> None:
    logging.getLogger("asyncio").warning("slow callback %s", "x\ny")
    logging.getLogger("asyncio").info("using selector")
    logging.getLogger("somebody").error("broken")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("careful", UserWarning, stacklevel=1)
    lines = said()
    assert [(line["level"], line["logger"]) for line in lines] == [
        ("warning", "asyncio"),
        ("error", "somebody"),
        ("warning", "py.warnings"),
    ]
    assert lines[0]["said"] == "slow callback x\\ny"
    assert {line["event"] for line in lines} == {"library"}


def test_a_library_s_record_that_cannot_be_formatted_is_shown_as_it_is() -> None:
    heard = []
    record = logging.LogRecord("somebody", logging.ERROR, "x.py", 1, "bad arguments %d", ("text",), None)
    Bridge(lambda *said: heard.append(said)).emit(record)
    assert heard == [("error", "somebody", "'bad arguments %d' ('text',)", None)]


def test_a_library_s_error_comes_with_its_trace(said: Said) -> None:
    try:
        raise OSError("cut")
    except OSError:
        logging.getLogger("aiohttp.server").exception("Error handling request")
    assert "OSError: cut" in said()[0]["exception"]


def test_a_log_that_cannot_be_written_stops_nobody() -> None:
    class Broken(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError

    configure("json", "info", Broken())
    note(Event.JOB_ACCEPTED)
    closed = io.StringIO()
    closed.close()
    with pytest.raises(ValueError, match="closed"):
        closed.isatty()
    stream = io.StringIO()
    configure("json", "info", stream)
    stream.close()
    note(Event.JOB_ACCEPTED)


def test_every_event_has_a_name_of_its_own_in_the_form_of_subject_and_verb() -> None:
    assert all(re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", event) for event in Event)
    assert len(set(Event)) == len(list(Event))


def test_every_event_of_the_list_is_noted_somewhere() -> None:
    files = [file for file in PACKAGE.rglob("*.py") if file.name != "event.py"]
    named = {
        node.attr for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Attribute)
    }
    assert sorted(set(Event.__members__) - named) == []


def test_only_observe_knows_the_logging_library() -> None:
    strangers = []
    for file in PACKAGE.rglob("*.py"):
        if file.is_relative_to(PACKAGE / "observe"):
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if {name.partition(".")[0] for name in names} & {"structlog", "prometheus_client", "logging"}:
                strangers.append(str(file.relative_to(PACKAGE)))
    assert strangers == []


def test_a_line_costs_little() -> None:
    """The bound is ten times what was measured: it still finds a blunder."""
    configure("json", "info", io.StringIO())

    def hundred() -> None:
        for _ in range(100):
            note(Event.JOB_ACCEPTED, queue="followme", user="jake", octets=65536, format="application/pdf")

    with about(job=17):
        assert turns(hundred) / 100 < 7500

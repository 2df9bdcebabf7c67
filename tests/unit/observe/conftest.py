"""Logging is global to a process: each test gets it for itself and leaves it as it was."""

import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ippgate.observe import log
from ippgate.observe.foreign import Bridge


@pytest.fixture(autouse=True)
def _logging_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(log, "_log", log._log)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    with warnings.catch_warnings():
        yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = [handler for handler in handlers if not isinstance(handler, Bridge)]
    root.setLevel(level)


@pytest.fixture
def said() -> Callable[[], list[dict[str, Any]]]:
    """Log as JSON into memory; gives a function that returns the lines so far."""
    stream = io.StringIO()
    log.configure("json", "debug", stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]

"""The doctor says what keeps documents from being converted, where they should be."""

from dataclasses import replace
from pathlib import Path

from ippgate.cli.doctor.convert import converter
from ippgate.config import ConvertSettings, Settings
from ippgate.model.finding import Verdict


def test_nothing_is_said_where_nothing_is_converted(tmp_path: Path) -> None:
    assert list(converter(Settings(tmp_path))) == []


def test_what_converts_is_named_and_what_is_missing_fails(tmp_path: Path) -> None:
    settings = Settings(tmp_path, convert=ConvertSettings(enabled=True))
    [found] = converter(settings)
    assert (found.verdict, found.found) == (Verdict.OK, "documents are converted by /usr/sbin/cupsfilter")
    absent = replace(settings.convert, command="/nowhere/cupsfilter")
    [found] = converter(replace(settings, convert=absent))
    assert found.verdict is Verdict.FAIL
    assert "install the packages cups and cups-filters" in found.found
    assert found.remedy

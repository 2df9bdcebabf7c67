"""The registry: generated from IANA's file, mended where that slips, complete enough to ask."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ippgate.ipp import Attribute, JobState, Operation, PrinterState, Range, Status, Tag, Value, attribute
from ippgate.ipp.generate import __main__ as generator
from ippgate.ipp.generate.errata import ERRATA
from ippgate.ipp.generate.grammar import SyntaxSlipError, read, write
from ippgate.ipp.generate.render import render
from ippgate.ipp.generate.source import read as read_registry
from ippgate.ipp.registry import OPERATION_NAMES, Finishings, OrientationRequested, reasons
from ippgate.ipp.registry import attributes as names
from ippgate.ipp.registry.syntaxes import MEMBERS, SYNTAX
from ippgate.ipp.syntax import KIND_TAGS, Kind, Syntax, fits, groups_of, keywords_of, parse_syntax, syntax_of

SOURCE = Path(__file__).parents[2] / "data" / "ipp-registrations.xml"


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return render(read_registry(SOURCE))


def test_committed_registry_is_what_the_generator_writes(generated: dict[str, str]) -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in generator.REGISTRY.glob("*.py")}
    assert committed.keys() == generated.keys()
    assert [name for name in committed if committed[name] != generated[name]] == []


def test_generated_modules_say_so_in_their_first_line(generated: dict[str, str]) -> None:
    assert all(text.startswith("# Generated from IANA's IPP registry") for text in generated.values())


def test_generator_writes_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, generated: dict[str, str]
) -> None:
    monkeypatch.setattr(generator, "REGISTRY", tmp_path)
    assert generator.main([str(SOURCE)]) == 0
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == generated


def test_generator_without_a_file_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert generator.main([]) == 2
    assert "usage: python -m ippgate.ipp.generate" in capsys.readouterr().err
    assert generator.main(["no-such-file.xml"]) == 1
    assert "no-such-file.xml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("<syntax>boolean</syntax>", "<syntax>boolaen</syntax>", "boolaen"),
        ("type2 keyword]", "type2 keyword", "errata that match nothing any more"),
        ("<value>two-sided-long-edge</value>", "<value>Two Sided</value>", "not a keyword: 'Two Sided' of sides"),
        ("ipp-registrations-6", "ipp-registrations-66", "no registry ipp-registrations-6"),
    ],
)
def test_slip_that_the_errata_do_not_cover_stops_the_generator(
    tmp_path: Path, right: str, wrong: str, sentence: str
) -> None:
    text = SOURCE.read_text(encoding="utf-8")
    assert right in text
    damaged = tmp_path / "damaged.xml"
    damaged.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(ValueError, match=sentence):
        read_registry(damaged)


def test_errata_took_effect() -> None:
    assert syntax_of(names.MEDIA_TOP_OFFSET, names.MEDIA_COL) == Syntax(False, (Kind("integer", -(2**31), 2**31 - 1),))
    assert SYNTAX[names.FORCE_FRONT_SIDE_ACTUAL] == "1setOf integer(1:MAX)"
    assert "subunit-timing-failure" in keywords_of(names.PRINTER_STATE_REASONS)
    assert keywords_of(names.JOB_DELAY_OUTPUT_UNTIL_DEFAULT) == keywords_of(names.JOB_DELAY_OUTPUT_UNTIL)
    assert keywords_of(names.TRIMMING_TYPE_SUPPORTED) == keywords_of(names.TRIMMING_TYPE)
    assert len({(erratum.field, erratum.where, erratum.wrong) for erratum in ERRATA}) == len(ERRATA)


def test_codes_and_states_have_their_registered_numbers() -> None:
    assert (Operation.PRINT_JOB, Operation.GET_JOBS, Operation.CANCEL_MY_JOBS) == (0x0002, 0x000A, 0x0039)
    assert (Operation.CUPS_GET_DEFAULT, Operation.CUPS_GET_PRINTERS) == (0x4001, 0x4002)
    assert (Status.SUCCESSFUL_OK, Status.CLIENT_ERROR_NOT_FETCHABLE) == (0x0000, 0x0420)
    assert (JobState.PENDING_HELD, JobState.COMPLETED, PrinterState.STOPPED) == (4, 9, 5)
    assert (OrientationRequested.NONE, Finishings.STAPLE_DUAL_LEFT) == (7, 28)
    assert OPERATION_NAMES[0x0003] == "Print-URI"


def test_codes_and_states_know_their_keywords() -> None:
    assert Status.CLIENT_ERROR_NOT_FOUND.keyword == "client-error-not-found"
    assert JobState.PROCESSING_STOPPED.keyword == "processing-stopped"


def test_names_are_symbols() -> None:
    assert (names.JOB_STATE, names.X_DIMENSION, names.MOPRIA_CERTIFIED) == (
        "job-state",
        "x-dimension",
        "mopria-certified",
    )
    assert reasons.JOB_HELD_FOR_RELEASE == "job-held-for-release"
    assert reasons.SPOOL_AREA_FULL == "spool-area-full"


def test_every_syntax_can_be_read() -> None:
    texts = {text for table in (SYNTAX, *MEMBERS.values()) for text in table.values()}
    kinds = {kind.name for text in texts for kind in parse_syntax(text).kinds}
    assert kinds == set(KIND_TAGS)


SYNTAXES = {
    "1setOf (type2 keyword | name(MAX))": "1setOf keyword | name",
    "(1setOf type2 keyword | name(MAX))": "1setOf keyword | name",
    "no-value | 1setOf collection": "1setOf collection | no-value",
    "1setOf (integer(0: 99) | rangeOfInteger(0:99))": "1setOf integer(0:99) | rangeOfInteger(0:99)",
    "integer(MIN:MAX)": "integer",
    "integer(-273:MAX) | unknown": "integer(-273:MAX) | unknown",
    "dateTime|unknown": "dateTime | unknown",
    "1setOf  type2 keyword": "1setOf keyword",
    "name(127)": "name(127)",
    "type1 enum": "enum",
}


@pytest.mark.parametrize(("registered", "canonical"), SYNTAXES.items())
def test_registered_syntaxes_become_canonical(registered: str, canonical: str) -> None:
    assert write(*read(registered)) == canonical
    assert write(*read(canonical)) == canonical


@pytest.mark.parametrize("slip", ["type2 keyword]", "integer:0:MAX", "", "collecton"])
def test_syntax_nobody_can_read_is_a_slip(slip: str) -> None:
    with pytest.raises(SyntaxSlipError):
        read(slip)


def test_syntax_of_an_attribute_admits_what_any_registration_admits() -> None:
    assert syntax_of(names.JOB_STATE) == Syntax(False, parse_syntax("enum | unknown").kinds)
    assert syntax_of("x-vendor") is None


def test_members_are_found_through_collections_of_the_same_members() -> None:
    own = syntax_of(names.X_DIMENSION, "media-col/media-size")
    assert own == parse_syntax("integer(1:MAX)")
    assert syntax_of(names.X_DIMENSION, "media-col-default/media-size") == own
    assert syntax_of(names.X_DIMENSION, "cover-front/media-col/media-size") == own
    assert syntax_of(names.X_DIMENSION, "media-col-database/media-size") == parse_syntax(
        "integer(1:MAX) | rangeOfInteger(1:MAX)"
    )
    assert syntax_of(names.MEDIA_TYPE, "media-col-ready") == syntax_of(names.MEDIA_TYPE, "media-col")


def test_job_template_attributes_may_be_members() -> None:
    assert syntax_of(names.SIDES, "overrides") == syntax_of(names.SIDES)


def test_groups_of_an_attribute_tell_where_it_belongs() -> None:
    assert groups_of(names.COPIES) == ("Document Template", "Job Template")
    assert "Operation" in groups_of(names.WHICH_JOBS)
    assert groups_of("x-vendor") == ()


def test_keywords_follow_references() -> None:
    assert keywords_of(names.SIDES_SUPPORTED) == {"one-sided", "two-sided-long-edge", "two-sided-short-edge"}
    assert {"none", "job-incoming"} <= keywords_of(names.JOB_STATE_REASONS)
    assert keywords_of("x-vendor") == frozenset()


FITTING = [
    attribute(names.COPIES, 1),
    attribute("x-vendor", 1, 2),
    Attribute(names.COPIES, (Value(Tag.NO_VALUE, b""),)),
    Attribute(names.JOB_NAME, (Value(Tag.TEXT, b"x"),)),
    attribute(names.PAGE_RANGES, Range(1, 2), Range(4, 5)),
]
MISFITS = [
    Attribute(names.COPIES, (Value(Tag.ENUM, bytes(4)),)),
    Attribute(names.COPIES, (Value(Tag.INTEGER, bytes(4)),) * 2),
    Attribute(names.JOB_NAME, (Value(Tag.URI, b"x"),)),
    Attribute(names.PRINTER_URI, (Value(Tag.TEXT, b"x"),)),
]


def test_attribute_fits_by_tag_and_number() -> None:
    assert all(map(fits, FITTING))
    assert not any(map(fits, MISFITS))


def test_running_code_reads_no_xml() -> None:
    program = (
        "import sys, ippgate.ipp; print(any(name.startswith(('xml', 'ippgate.ipp.generate')) for name in sys.modules))"
    )
    python = shutil.which(sys.executable) or sys.executable
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=True, cwd=SOURCE.parents[2])
    assert done.stdout.strip() == "False"

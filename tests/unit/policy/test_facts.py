"""What rules know of a job is what its client asked for, what its document is, and what follows from both."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from ippgate.ipp import Attribute, Group, Range, Tag, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import JobState, PrinterState
from ippgate.model.device import Device, DeviceReport
from ippgate.model.facts import DocumentFacts, MediaUse
from ippgate.model.job import Document, Job, NewDocument, NewJob
from ippgate.model.queue import Queue, QueueMode
from ippgate.policy import FACTS, DeviceFacts, Facts, Source, arriving, leaving
from ippgate.policy.fact import Kind
from tests.unit.policy.jobs import NOON, job, wish

TEN = DocumentFacts("application/pdf", pages=10, color_pages=0)
QUEUE = Queue(1, UUID(int=1), "followme", QueueMode.RELEASE_PRINTING, info="Held", location="Floor 2")
KINDS = {Kind.TRUTH: bool, Kind.NUMBER: int, Kind.TEXT: str, Kind.TEXTS: tuple}


def worth(name: str, facts: Facts) -> Any:
    return FACTS[name].of(facts)


def test_what_nobody_asks_for_is_what_printers_do() -> None:
    usual = {
        "job.copies": 1,
        "job.sides": "one-sided",
        "job.print_color_mode": "auto",
        "job.print_quality": "normal",
        "job.media": "",
        "job.number_up": 1,
        "job.finishings": (),
        "job.priority": 50,
        "job.hold_until": "no-hold",
        "job.account_id": "",
        "document.copies": 1,
        "document.sides": "",
        "document.media": (),
        "document.finishings": (),
    }
    facts = job()
    assert {name: worth(name, facts) for name in usual} == usual


@pytest.mark.parametrize(
    ("name", "asked", "is_worth"),
    [
        ("job.copies", wish(A.COPIES, 3), 3),
        ("job.sides", wish(A.SIDES, "two-sided-long-edge"), "two-sided-long-edge"),
        ("job.print_color_mode", wish(A.PRINT_COLOR_MODE, "monochrome"), "monochrome"),
        ("job.print_quality", wish(A.PRINT_QUALITY, 3), "draft"),
        ("job.media", wish(A.MEDIA, "iso_a3_297x420mm"), "iso_a3_297x420mm"),
        (
            "job.media",
            wish(A.MEDIA_COL, {"media-size": {"x-dimension": 21590, "y-dimension": 27940}}),
            "na_letter_8.5x11in",
        ),
        ("job.media", wish(A.MEDIA_COL, {"media-size-name": "iso_a5_148x210mm"}), "iso_a5_148x210mm"),
        ("job.media", wish(A.MEDIA_COL, {"media-type": "stationery"}), ""),
        ("job.number_up", wish(A.NUMBER_UP, 4), 4),
        ("job.finishings", wish(A.FINISHINGS, 4, 70), ("staple", "punch-top-left")),
        ("job.finishings", wish(A.FINISHINGS, 3), ()),
        ("job.account_id", wish(A.JOB_ACCOUNT_ID, "physics"), "physics"),
    ],
)
def test_what_is_asked_for_is_said_in_the_words_of_ipp(name: str, asked: Attribute, is_worth: object) -> None:
    assert worth(name, job(asked)) == is_worth


@pytest.mark.parametrize(
    ("template", "document", "impressions", "sheets"),
    [
        ([], TEN, 10, 10),
        ([wish(A.SIDES, "two-sided-long-edge")], TEN, 10, 5),
        ([wish(A.SIDES, "two-sided-long-edge"), wish(A.COPIES, 3)], DocumentFacts(pages=9), 27, 15),
        ([wish(A.NUMBER_UP, 4)], TEN, 3, 3),
        ([wish(A.NUMBER_UP, 4), wish(A.SIDES, "two-sided-short-edge"), wish(A.COPIES, 2)], TEN, 6, 4),
        ([wish(A.PAGE_RANGES, Range(2, 4), Range(9, 99))], TEN, 5, 5),
        ([wish(A.PAGE_RANGES, Range(50, 60))], TEN, 0, 0),
        ([], DocumentFacts(pages=10, copies=3, sides="two-sided-long-edge"), 30, 15),
        ([wish(A.COPIES, 2), wish(A.SIDES, "one-sided")], DocumentFacts(pages=10, copies=3, sides="two-sided"), 20, 20),
        ([], DocumentFacts(unknown="it is odd"), None, None),
        ([], None, None, None),
    ],
)
def test_sides_and_sheets_follow_from_pages_and_wishes(
    template: list[Attribute], document: DocumentFacts | None, impressions: int | None, sheets: int | None
) -> None:
    facts = job(*template, document=document)
    assert (worth("job.impressions", facts), worth("job.sheets", facts)) == (impressions, sheets)


@pytest.mark.parametrize(
    ("said", "found", "differs"),
    [
        ("application/octet-stream", "application/pdf", False),
        ("application/pdf", "application/pdf", False),
        ("application/vnd.hp-PCL", "application/vnd.hp-pcl", False),
        ("image/urf", "application/pdf", True),
        ("image/urf", None, None),
    ],
)
def test_a_format_that_is_not_what_was_said_is_a_mismatch(said: str, found: str | None, differs: bool | None) -> None:
    facts = arriving(QUEUE, NewJob(1, "jake", "x", "10.0.0.7"), NewDocument(said), NOON, found=DocumentFacts(found))
    assert worth("document.mismatch", facts) is differs


def test_sizes_of_pages_have_their_names_lying_or_standing() -> None:
    used = (MediaUse(21000, 29700, 3), MediaUse(29704, 20996, 1), MediaUse(10000, 30000, 1))
    facts = job(document=DocumentFacts(pages=5, media=used))
    assert worth("document.media", facts) == (
        "iso_a4_210x297mm",
        "iso_a4_210x297mm",
        "custom_100x300mm_100x300mm",
    )
    assert worth("document.media", job(document=DocumentFacts(media=used * 1000))) is None


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        ("print.example.org", None),
    ],
)
def test_the_client_s_address_is_an_address_or_not_known(given: str, read: str | None) -> None:
    assert worth("client.address", job(client=given)) == read


def test_every_fact_is_of_its_kind_or_not_known() -> None:
    device = DeviceFacts("hall", "Hall", "The hall's", "Copier 9000", ("floor2",), color=True, duplex=False)
    everything = job(wish(A.COPIES, 2), device=device, client="10.0.0.7")
    nothing = job(document=None)
    for name, fact in FACTS.items():
        told = fact.of(everything)
        assert type(told) is KINDS[fact.kind], name
        assert not fact.values or told in fact.values
        absent = fact.of(nothing)
        if fact.source is Source.REQUEST:
            assert absent is not None or not fact.certain
        elif name != "job.size":
            assert absent is None, name


def test_a_job_that_arrives_is_known_by_its_request_and_its_document() -> None:
    new = NewJob(1, "jake", "Report", "10.0.0.7", (wish(A.COPIES, 2),), priority=60, hold_until="indefinite")
    facts = arriving(QUEUE, new, NewDocument("application/pdf", "report.pdf"), NOON, found=TEN, size=4096)
    told = {
        "job.name": "Report",
        "job.document_name": "report.pdf",
        "job.format": "application/pdf",
        "job.copies": 2,
        "job.priority": 60,
        "job.hold_until": "indefinite",
        "job.size": 4096,
        "job.pages": 10,
        "job.color": False,
        "user.name": "jake",
        "queue.name": "followme",
        "queue.mode": "release-printing",
        "queue.location": "Floor 2",
        "client.address": "10.0.0.7",
        "device.name": None,
        "now.date": "2026-03-31",
    }
    assert {name: worth(name, facts) for name in told} == told
    early = arriving(QUEUE, new, NewDocument(), NOON)
    assert worth("job.size", early) is None
    assert worth("job.pages", early) is None


def test_a_job_that_leaves_is_known_by_what_was_kept_of_it_and_by_its_device() -> None:
    printer = Group(Tag.PRINTER, [attribute(A.COLOR_SUPPORTED, False), attribute(A.SIDES_SUPPORTED, "one-sided")])
    report = DeviceReport(PrinterState.IDLE, make_and_model="Copier 9000", attributes=printer)
    device = Device(1, UUID(int=1), "hall", "ipp://hall/ipp/print", location="Hall", report=report)
    document = Document(1, 9, "application/pdf", "report.pdf", 4096, None)
    held = Job(
        1, UUID(int=2), 1, "followme", "jake", "Report", JobState.PENDING_HELD, (), datetime.now(NOON.tzinfo),
        host="10.0.0.7", template=(wish(A.COPIES, 2),), documents=(document,),
    )  # fmt: skip
    facts = leaving(QUEUE, held, device, NOON, found=TEN, groups=["floor2"])
    told = {
        "job.copies": 2,
        "job.size": 4096,
        "job.pages": 10,
        "job.document_name": "report.pdf",
        "user.name": "jake",
        "client.address": "10.0.0.7",
        "device.name": "hall",
        "device.groups": ("floor2",),
        "device.make_and_model": "Copier 9000",
        "device.color": False,
        "device.duplex": False,
    }
    assert {name: worth(name, facts) for name in told} == told
    silent = Device(1, UUID(int=1), "raw", "socket://raw")
    assert worth("device.color", leaving(QUEUE, held, silent, NOON)) is None

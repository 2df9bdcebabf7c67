"""Whether a device can take a job, decided before anything is sent."""

from dataclasses import replace

import pytest

from ippgate.convert.formats import best_target
from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.device import Device
from ippgate.model.errors import DeviceNotReady, FormatNotSupported
from ippgate.model.facts import DocumentFacts
from ippgate.model.job import Job
from ippgate.release.fitness import check_fitness, facts_of
from tests.unit.model.nouns import device, job


@pytest.mark.parametrize(
    "fit",
    [
        device(),
        device(state=PrinterState.PROCESSING),
        device(reasons=("toner-low",)),
        device(formats=("application/pdf", "image/urf")),
    ],
    ids=["silent about formats", "busy", "with a warning", "lists the format"],
)
def test_a_device_that_works_takes_it(fit: Device) -> None:
    check_fitness(job("application/pdf"), fit)
    check_fitness(job(), fit)


@pytest.mark.parametrize(
    ("unfit", "why"),
    [
        (device(state=PrinterState.STOPPED, message="paper jam", reasons=("media-jam",)), "paper jam"),
        (device(state=PrinterState.STOPPED, reasons=("media-jam", "door-open")), "media-jam, door-open"),
        (device(state=PrinterState.STOPPED), "it does not say why"),
    ],
)
def test_a_stopped_device_is_refused_with_its_reason(unfit: Device, why: str) -> None:
    with pytest.raises(DeviceNotReady) as refused:
        check_fitness(job("application/pdf"), unfit)
    assert str(refused.value) == (f"printer is stopped ({why}): choose another device or try again when it is ready")


def test_a_device_that_takes_no_jobs_is_refused() -> None:
    with pytest.raises(DeviceNotReady, match="printer takes no jobs at the moment: choose another device"):
        check_fitness(job("application/pdf"), device(accepting=False))


def test_a_format_that_it_does_not_print_is_refused_with_those_that_it_does() -> None:
    with pytest.raises(FormatNotSupported, match=r"cannot print image/urf; it takes application/pdf, image/jpeg"):
        check_fitness(job("image/urf"), device(formats=("application/pdf", "image/jpeg")))
    with pytest.raises(FormatNotSupported):
        check_fitness(job("application/pdf", "image/urf"), device(formats=("application/pdf",)))


def test_a_format_that_can_be_converted_is_no_obstacle() -> None:
    raster_only = device(formats=("image/pwg-raster",))
    check_fitness(job("application/pdf"), raster_only, best_target)
    with pytest.raises(FormatNotSupported, match=r"cannot print application/vnd.hp-PCL; it takes image/pwg-raster"):
        check_fitness(job("application/vnd.hp-PCL"), raster_only, best_target)
    stopped = device(formats=("image/pwg-raster",), state=PrinterState.STOPPED)
    with pytest.raises(DeviceNotReady):
        check_fitness(job("application/pdf"), stopped, best_target)


def test_the_refusal_stays_short_however_much_the_device_says() -> None:
    many = tuple(f"application/vnd.format-{n}" for n in range(200))
    with pytest.raises(FormatNotSupported) as refused:
        check_fitness(job("image/urf"), device(formats=many))
    assert len(str(refused.value)) <= 500


def test_what_was_found_counts_where_the_client_did_not_know() -> None:
    raster_only = device(formats=("image/urf",))
    unknown, said = job("application/octet-stream"), job("application/pdf")

    def found(one: Job, document_format: str | None) -> Job:
        facts = DocumentFacts(document_format=document_format)
        return replace(one, documents=tuple(replace(document, facts=facts) for document in one.documents))

    check_fitness(unknown, raster_only)
    check_fitness(found(unknown, None), raster_only)
    with pytest.raises(FormatNotSupported, match="cannot print application/pdf"):
        check_fitness(found(unknown, "application/pdf"), raster_only)
    with pytest.raises(FormatNotSupported, match="cannot print application/pdf"):
        check_fitness(found(said, "image/urf"), raster_only)
    assert facts_of(found(said, "image/urf")) == DocumentFacts(document_format="image/urf")
    assert facts_of(said) is facts_of(job()) is None

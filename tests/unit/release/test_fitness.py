"""Whether a device can take a job, decided before anything is sent."""

import pytest

from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.device import Device
from ippgate.model.errors import DeviceNotReady, FormatNotSupported
from ippgate.release.fitness import check_fitness
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


def test_the_refusal_stays_short_however_much_the_device_says() -> None:
    many = tuple(f"application/vnd.format-{n}" for n in range(200))
    with pytest.raises(FormatNotSupported) as refused:
        check_fitness(job("image/urf"), device(formats=many))
    assert len(str(refused.value)) <= 500

"""A job of several documents on its way: all of them as one job of its device's, or each by itself. Pure.

A device that takes several documents in a job gets them so, if it prints all of them as they are and lays copies as the
job asks. Everywhere else each document is a *leg*: a delivery like that of a job of one document, with the same marks
and the same certainty. What came out is kept with the document before the next leg begins, so a crash between two legs
leaves a job that waits for its next one; what came out is never sent again.

Collated copies (RFC 8011 section 5.2.4) of documents that go by themselves are rounds: a, b, a, b.
"""

from dataclasses import replace
from typing import Final

from ippgate.ipp import Attribute, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.device import Device
from ippgate.model.parcel import Enclosure
from ippgate.store.lanes import Enclosed, Leg, Load
from ippgate.transport.ipp_ticket import takes_several, texts

UNCOLLATED: Final = "separate-documents-uncollated-copies"
COLLATED: Final = "separate-documents-collated-copies"
"""What is meant where nothing is asked (multiple-document-handling-default)."""

Template = tuple[Attribute, ...]


def rounds(template: Template) -> int:
    """How often each document comes out by itself; its copies are then one."""
    return 1 if _handling(template) == UNCOLLATED else _copies(template)


def on_its_way(load: Load, device: Device) -> Load | None:
    """A job that was just leased, as it goes to its device. None: all of it came out before, and is not sent again."""
    if not load.enclosed:
        return load
    left = _left(load)
    if not left:
        return None
    return _together(load, left) if _goes_together(left, load.parcel.template, device) else _leg(load, left[0], left)


def found_on_its_way(load: Load) -> Load:
    """A job that a dead worker was carrying, as that worker did."""
    if not load.enclosed:
        return load
    left = _left(load)
    under_way = next((each for each in left if each.number == load.sending), None)
    return _together(load, left) if under_way is None else _leg(load, under_way, left)


def next_leg(load: Load, device: Device, impressions: int | None, sheets: int | None) -> Load | None:
    """What follows when this leg came out; so many impressions and sheets came out of the job by then."""
    assert load.leg is not None
    enclosed = tuple(
        replace(each, printed=each.printed + 1) if each.number == load.leg.number else each for each in load.enclosed
    )
    parcel = replace(load.parcel, part="", template=load.leg.template)
    whole = replace(load, parcel=parcel, enclosed=enclosed, leg=None, frame=None, rendition=None, attempts=0)
    return on_its_way(replace(whole, impressions=impressions, sheets=sheets), device)


def _left(load: Load) -> list[Enclosed]:
    """What has not come out as often as it should, in the order in which it goes."""
    often = rounds(load.parcel.template)
    left = [each for each in load.enclosed if each.printed < often]
    return sorted(left, key=lambda each: (each.printed, each.number))


def _goes_together(left: list[Enclosed], template: Template, device: Device) -> bool:
    told = device.report.attributes
    if len(left) < 2 or told is None or not takes_several(told) or any(each.printed for each in left):
        return False
    if not all(device.prints(each.kind) for each in left):
        return False
    laid = texts(told.get(A.MULTIPLE_DOCUMENT_HANDLING_SUPPORTED))
    return _copies(template) == 1 or (_handling(template) or COLLATED) in laid


def _together(load: Load, left: list[Enclosed]) -> Load:
    parcel = load.parcel
    if _copies(parcel.template) > 1 and _handling(parcel.template) is None:
        parcel = replace(parcel, template=(*parcel.template, attribute(A.MULTIPLE_DOCUMENT_HANDLING, COLLATED)))
    enclosures = tuple(Enclosure(each.document_format, each.size, each.name) for each in left)
    parcel = replace(parcel, enclosed=enclosures, size=sum(each.size for each in left))
    return replace(load, parcel=parcel, enclosed=tuple(left))


def _leg(load: Load, each: Enclosed, left: list[Enclosed]) -> Load:
    parcel, often = load.parcel, rounds(load.parcel.template)
    last = len(left) == 1 and each.printed + 1 >= often
    part = f"{each.number}" if often == 1 else f"{each.number}r{each.printed + 1}"
    template = parcel.template if often == 1 else tuple(one for one in parcel.template if one.name != A.COPIES)
    parcel = replace(
        parcel, document_format=each.document_format, template=template, size=each.size, part=part, enclosed=()
    )
    return replace(
        load,
        parcel=parcel,
        oid=each.oid,
        frame=each.frame,
        number=each.number,
        facts=each.facts,
        leg=Leg(each.number, last, load.parcel.template),
    )


def _copies(template: Template) -> int:
    asked = next((each for each in template if each.name == A.COPIES), None)
    return max(1, (asked.integer() or 1) if asked else 1)


def _handling(template: Template) -> str | None:
    asked = next((each for each in template if each.name == A.MULTIPLE_DOCUMENT_HANDLING), None)
    return asked.text() if asked else None

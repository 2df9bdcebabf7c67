"""Where a request is made: at a queue, or at a device, which is a printer of the gate as well (ipp://HOST/ipp/device/NAME).

At a device nearly all means something only once it is known who stands there. Who has proven to be what, and which
person that leaves, is decided here alone: an operator is an operator; a station that stands there and may name people
says which person it has authenticated; a person has a session, which is good at the device where they have logged in,
or a name and a password.
"""

from dataclasses import dataclass
from uuid import UUID

from ippgate.doors import basic
from ippgate.doors.ipp.uri import target_of
from ippgate.doors.site import Site
from ippgate.ipp import Attribute, Group, IppError, Operation, Status
from ippgate.ipp.registry import attributes as A
from ippgate.model.device import Device
from ippgate.model.errors import NotAuthenticated, NotAuthorized
from ippgate.model.job import Caller
from ippgate.model.queue import Queue
from ippgate.model.session import LoginBy, Session
from ippgate.model.station import Station

NAMES_NOBODY = frozenset({Operation.IDENTIFY_PRINTER})
"""Asked for no person's sake."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Who somebody has proven to be; of what is None they have not proven it."""

    operator: str | None = None  # an operator's name
    station: Station | None = None
    person: str | None = None  # the owner name of their jobs
    session: Session | None = None  # that person's; None: they have proven it with this request


NOTHING_PROVEN = Proof()


@dataclass(frozen=True, slots=True)
class Place:
    """A device, and the queue to which belongs what is printed there directly."""

    device: Device
    queue: Queue

    def only_here(self, asked: UUID | None, value: Attribute | None) -> UUID:
        """The device to which jobs are released here: this one. Raises IppError where another one is asked for."""
        if value is not None and asked != self.device.uuid:
            sentence = f"jobs that are released here go to {self.device.name}: leave out output-device-uuid"
            raise IppError(Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, sentence, [value])
        return self.device.uuid


def device_named(operation: Group) -> str | None:
    """The device that a request's target names; None: it names something else, or makes no sense."""
    uri = operation.text(A.JOB_URI) or operation.text(A.PRINTER_URI)
    try:
        return target_of(uri).device if uri else None
    except IppError:
        return None


def standing(proof: Proof, device: Device, code: int, person: str, host: str) -> Caller:
    """Who asks for this operation at a device. person: requesting-user-name, which counts only where a station may say
    so; "": nobody is named. Raises NotAuthorized for a station that stands elsewhere or may not speak for people, and
    for a person whose login is not for this device.
    """
    if proof.operator is not None:
        return Caller(proof.operator, host, operator=True, said=person, proven=True)
    if proof.person is not None:
        _check_person_at(proof, device)
        return Caller(proof.person, host, said=person, proven=True)
    station = proof.station
    assert station is not None, "somebody who has proven nothing is asked for a proof first"
    if device.id not in station.devices:
        raise NotAuthorized(f"station {station.name} does not stand at {device.name}")
    if code in NAMES_NOBODY:
        return Caller(station.name, host, said=person, station=station.name)
    if not station.names_people:
        raise NotAuthorized(f"station {station.name} may not speak for people (ippgate station set --names-people)")
    if not person:
        raise IppError(
            Status.CLIENT_ERROR_BAD_REQUEST, "whom has the station authenticated? It says so with requesting-user-name"
        )
    return Caller(person, host, said=person, proven=True, station=station.name)


def at_queue(proof: Proof) -> str:
    """The person who has proven to ask at a queue; "": nobody has. Raises NotAuthorized for a session of a device."""
    if proof.session is not None and proof.session.device_id is not None:
        raise NotAuthorized("that session is good at its device alone: log in with a name and a password here")
    return proof.person or ""


def _check_person_at(proof: Proof, device: Device) -> None:
    if proof.session is None and LoginBy.PASSWORD not in device.logins:
        raise NotAuthorized(f"{device.name} takes no passwords: log in there in another way")
    if proof.session is not None and proof.session.device_id not in (None, device.id):
        raise NotAuthorized(f"that session is good at another device: log in at {device.name}")


def unproven(site: Site, device: Device) -> NotAuthenticated:
    """The answer at a device to somebody who has proven nothing."""
    if site.secure:
        return NotAuthenticated(
            f"at {device.name} the gate answers stations, people and operators: {basic.LOG_IN_THERE}"
        )
    way = f"use ipps://{site.tls}/ipp/device/{device.name}" if site.tls else "this gate has no TLS"
    return NotAuthenticated(
        f"at {device.name} the gate answers stations, people and operators, who prove it over TLS: {way}"
    )

"""A group of devices: several that serve the same people, named together so that any of them may print a job."""

from dataclasses import dataclass
from uuid import UUID

MAX_MEMBERS = 1000
"""Devices of a group: each of them is weighed when a job is released to the group."""


@dataclass(frozen=True, slots=True)
class DeviceGroup:
    """A group as operators define it. Its uuid may stand where a device's may: the gate then chooses."""

    id: int
    uuid: UUID
    name: str
    members: tuple[int, ...] = ()  # ids of devices, ascending
    info: str = ""
    location: str = ""

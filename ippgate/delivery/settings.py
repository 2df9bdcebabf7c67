"""Bounds of delivery. Times in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """How hard one worker tries."""

    lease: float = 15.0  # a worker that has not been heard of for this long is dead
    poll: float = 5.0  # lanes are looked at this often, whatever was notified
    lane_depth: int = 16  # jobs leased ahead in one lane
    at_device: int = 4  # jobs at one device that are followed at once
    busy_limit: float = 900.0  # a busy or silent device is waited for this long, then the job is held with the reason
    retry_first: float = 0.5  # the first pause before a busy or silent device is tried again; it doubles
    retry_longest: float = 30.0
    follow_first: float = 0.25  # the first pause between looks at a job that prints; it grows
    follow_longest: float = 5.0
    follow_limit: float = 4 * 3600.0  # a device that stays silent about a job for this long: outcome unknown
    appear: float = 10.0  # a device that got a document and does not list the job yet is asked again for this long
    history: float = 60.0  # a device keeps ended jobs at least this long (RFC 8011 section 5.3.7)
    attempts: int = 5  # deliveries of one job that are begun by the gate itself
    linger: float = 30.0  # an empty lane keeps its connection this long

"""The fleet: queues and devices as operators register them, asked about themselves and watched."""

from ippgate.device.fleet import Fleet

__all__ = ["Fleet"]

"""Somebody names a device, and a held job goes there: who may, where to, and whether it can be printed there."""

from ippgate.release.release import Release

__all__ = ["Release"]

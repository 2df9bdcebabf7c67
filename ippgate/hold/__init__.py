"""Jobs that wait: whose they are, until when, and what may still be changed."""

from ippgate.hold.desk import Desk

__all__ = ["Desk"]

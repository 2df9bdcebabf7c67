"""The web room: one page for people who follow printer-more-info, and what monitoring asks."""

from ippgate.doors.web.door import WebDoor

__all__ = ["WebDoor"]

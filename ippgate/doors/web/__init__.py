"""The web room: pages for panels and people, and what monitoring asks.

build       all routes put together
door        a request: its route, its visitor, whether they may, and what comes of it
route       the table of pages and for whom they are; visitor: which role somebody plays
known       who visits, by cookie or token; cookies; origin: the token against forgery
visit       what a handler has in hand; form: what was sent; seal: what a page hands out and takes back
refusing    how a page says no; status: which HTTP status
render      templates; assets: what they are dressed in; language: the words, times and numbers of a language
open_pages  what everybody may see; sign_in: how people and operators come in
panel       the touch page at a device
"""

from ippgate.doors.web.build import open_door, web_door
from ippgate.doors.web.door import WebDoor
from ippgate.doors.web.services import Services

__all__ = ["Services", "WebDoor", "open_door", "web_door"]

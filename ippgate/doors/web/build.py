"""The web room put together: every route there is."""

import secrets
from typing import Final

from ippgate.doors.settings import DoorSettings
from ippgate.doors.web.assets import Assets
from ippgate.doors.web.door import WebDoor
from ippgate.doors.web.job_pages import JobPages
from ippgate.doors.web.known import Known, Nobody
from ippgate.doors.web.language import Languages
from ippgate.doors.web.open_pages import Fleet, Monitoring, OpenPages
from ippgate.doors.web.panel import Panel
from ippgate.doors.web.render import Pages
from ippgate.doors.web.seal import Seal
from ippgate.doors.web.services import Services
from ippgate.doors.web.sign_in import SignIn

_KEY: Final = 32


def web_door(services: Services, settings: DoorSettings, monitoring: Monitoring, *, metrics: bool = True) -> WebDoor:
    """All pages."""
    assets, languages, key = Assets(), Languages(services.zone), services.secrets
    open_pages = OpenPages(services.fleet, assets, monitoring, metrics=metrics, signs_in=True)
    routes = [
        *open_pages.routes(),
        *SignIn(services, open_pages.start).routes(),
        *JobPages(services).routes(),
        *Panel(services).routes(),
    ]
    known = Known(services.sessions, services.stations)
    return WebDoor(routes, known, key.digest, Seal(key.derived("pages")), settings, Pages(assets), languages)


def open_door(fleet: Fleet, settings: DoorSettings, monitoring: Monitoring, *, metrics: bool = True) -> WebDoor:
    """Only what everybody may see."""
    assets = Assets()
    pages = OpenPages(fleet, assets, monitoring, metrics=metrics)
    seal = Seal(secrets.token_bytes(_KEY))
    known = Known(Nobody(), Nobody())
    return WebDoor(pages.routes(), known, str.encode, seal, settings, Pages(assets), Languages())

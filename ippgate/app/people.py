"""What settings say of people, as services take it: whose a job is, and how much may be held."""

import shutil
from pathlib import Path

from ippgate.config import Settings
from ippgate.identity import SessionSettings, Span
from ippgate.intake import Allowance, Bounds
from ippgate.model.owner import NOBODYS, Goes, OwnerRules, listed
from ippgate.store.database import Database
from ippgate.store.held import held


def owner_rules(settings: Settings) -> OwnerRules:
    """How the names that clients say are mapped."""
    chosen = settings.owners
    return OwnerRules(
        strip=chosen.domain == "strip",
        domains=listed(chosen.domains),
        strangers=chosen.strangers == "nobody",
        fold=chosen.case == "fold",
        nobody=listed(chosen.nobody),
        goes=Goes(chosen.nobody_goes),
        sentence=chosen.nobody_sentence or NOBODYS,
    )


def session_settings(settings: Settings) -> SessionSettings:
    """How long logins are good."""
    chosen = settings.people
    return SessionSettings(
        Span(chosen.panel_idle, chosen.panel_longest), Span(chosen.portal_idle, chosen.portal_longest)
    )


def allowance_of(settings: Settings, database: Database) -> Allowance:
    """How much may be held, counted in the gate's own database."""
    chosen = settings.limits
    bounds = Bounds(
        chosen.person_jobs,
        chosen.person_octets,
        chosen.queue_jobs,
        chosen.queue_octets,
        chosen.jobs,
        chosen.octets,
        chosen.low_water if settings.embedded else 0,
    )

    async def count() -> list[tuple[tuple[int, str], int, int]]:
        return await held(database, by_owner=bounds.by_person)

    return Allowance(bounds, count, lambda: free_octets(settings.postgres), interval=chosen.interval)


def free_octets(folder: Path) -> int | None:
    """Octets that are free on the disk of a folder; None: nobody knows."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None

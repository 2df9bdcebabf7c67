"""What converts documents, where that is switched on."""

from collections.abc import Iterator

from ippgate.config import Settings
from ippgate.model.finding import Finding, fail, ok


def converter(settings: Settings) -> Iterator[Finding]:
    """Nothing is known to stand in the way of conversions."""
    if not settings.convert.enabled:
        return
    from ippgate.app.documents import convert_settings  # noqa: PLC0415 - brings the services
    from ippgate.convert.converter import Converter  # noqa: PLC0415

    obstacle = Converter(convert_settings(settings)).obstacle()
    if obstacle is None:
        yield ok("convert", f"documents are converted by {settings.convert.command}")
    else:
        yield fail("convert", obstacle, "or switch it off: convert.enabled = false")

"""The page behind printer-more-info: which queues there are, and how to add one. Pure."""

from collections.abc import Iterable
from html import escape
from typing import Final

from ippgate.doors.site import Site
from ippgate.model.queue import Queue

_STYLE: Final = (
    "body{font:1em/1.5 sans-serif;max-width:46em;margin:2em auto;padding:0 1em}code{background:#eee;padding:.1em .3em}"
)


def page(queues: Iterable[Queue], site: Site) -> str:
    """HTML; every text that an operator or a client wrote is escaped (SECURITY S23)."""
    listed = "".join(_entry(queue, site) for queue in queues)
    body = f"<ul>{listed}</ul>" if listed else "<p>There is no queue yet.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>ippgate</title>'
        f'<link rel="icon" href="/icon.png"><style>{_STYLE}</style></head>'
        "<body><h1>ippgate, a print gate</h1>"
        "<p>Print to one of these queues, walk to a device, and release your job there.</p>"
        f"{body}</body></html>\n"
    )


def _entry(queue: Queue, site: Site) -> str:
    uri = site.printer(queue.name)
    where = f" ({escape(queue.location)})" if queue.location else ""
    return (
        f"<li><b>{escape(queue.info or queue.name)}</b>{where}<br>Add it as an IPP printer: "
        f"<code>{escape(uri)}</code><br>With CUPS: "
        f"<code>lpadmin -p {escape(queue.name)} -E -v {escape(uri)} -m everywhere</code></li>"
    )

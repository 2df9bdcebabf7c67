"""The composition root: settings → services → start, drain, stop.

It imports everything; only the command line imports it.

gate        the services on a database, for the server and for operators' commands
worker      a gate that serves: doors, dispatcher, duties
supervise   one process, or a parent with several workers
demo        what `make run` adds: a queue and a device that prints into a folder
"""

from ippgate.app.gate import Gate, open_database, open_gate
from ippgate.config import Settings

__all__ = ["Gate", "open_database", "open_gate", "serve"]


def serve(settings: Settings, *, demo: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; then drain and stop. Raises Unavailable and Refusal when the gate cannot start."""
    from ippgate.app import supervise  # noqa: PLC0415 - the doors cost start-up time that a command need not pay

    supervise.serve(settings, demo=demo)

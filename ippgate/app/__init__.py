"""The composition root: settings → services → start, drain, stop. It imports everything; only the command line imports it.

gate        the services on a database, for the server and for operators' commands
worker      a gate that serves: doors, dispatcher, duties
supervise   one process, or a parent with several workers
demo        what `make run` adds: a queue and a device that prints into a folder
"""

from ippgate.app.gate import Gate, open_database, open_gate
from ippgate.app.supervise import serve

__all__ = ["Gate", "open_database", "open_gate", "serve"]

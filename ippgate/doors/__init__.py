"""Doors: translate in, call a service, translate out. No SQL, no rules.

settings     how much of a client's time and weight is borne
site         the names under which a client reaches the gate, put into every URI that it is told
tls          ipps and https: the certificate, and clients that have not shaken hands yet
basic        HTTP Basic, read strictly
server       the HTTP server: listening, deadlines, draining; knows nothing of IPP
connection   one client's connection; pace judges how fast it must be, watch looks after all of them
reply        short answers in plain text

ipp          IPP operations
web          a page for people, health and metrics for monitoring
"""

from ippgate.doors.server import Server
from ippgate.doors.settings import DoorSettings

__all__ = ["DoorSettings", "Server"]

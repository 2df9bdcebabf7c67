"""Queues announced to the network by DNS-SD (RFC 6763): clients find them without being told an address.

settings    whether, and where
label       names as DNS-SD has them: of so many octets, numbered when they are taken
text        a queue's TXT record
service     the services of a queue
address     which of the machine's addresses they are announced on
responder   multicast DNS: with `address` all that knows a library for it
herald      the duty: what is announced is what the queues are

It only speaks. What others announce is looked at for one reason: whether a name is taken (SECURITY S10).
"""

from ippgate.discovery.herald import Herald
from ippgate.discovery.settings import HeraldSettings

__all__ = ["Herald", "HeraldSettings"]

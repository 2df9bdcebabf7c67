"""The keys of [readers]: card readers that dial in over the network."""

import ipaddress
from dataclasses import dataclass

from ippgate.config import form
from ippgate.config.option import option

HOUR = 3600


@dataclass(frozen=True, slots=True)
class ReadersSettings:
    """Card readers on the network, registered with `ippgate reader add`, which dial in and send lines."""

    port: int = option(0, "The TCP port that readers dial. 0: none is listened on.", counts="port", low=0, high=65_535)
    host: str = option("", "The address to listen on for them. Empty: that of [server].", form=form.host_or_none)
    tls: bool = option(True, "Whether they speak TLS, with the gate's certificate.")
    plain: bool = option(
        False,
        "Whether they may go without TLS over the network too: whoever listens there has their tokens and the numbers"
        " of cards. Without it, readers without TLS are those of the machine itself.",
    )
    max_connections: int = option(
        256, "Readers that one worker has connected at the same time.", counts="connections", low=1, high=100_000
    )
    silence: float = option(
        120, "How long a reader may say nothing; PING is enough.", unit="seconds", low=5, high=24 * HOUR
    )


def is_of_the_machine(host: str) -> bool:
    """Whether what listens on this host hears the machine itself alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"

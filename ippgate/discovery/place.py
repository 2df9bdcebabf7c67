"""Where announced queues are reached: a host name of multicast DNS, and ports."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One for all queues of a gate."""

    host: str  # such as printserver-ippgate.local
    port: int
    tls_port: int | None = None  # None: there is no TLS

    @property
    def page(self) -> str:
        """The gate's page for people."""
        if self.tls_port is None:
            return f"http://{self.host}:{self.port}/"
        return f"https://{self.host}:{self.tls_port}/"

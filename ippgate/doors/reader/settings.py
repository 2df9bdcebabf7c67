"""How much is borne of card readers: every bound of their door, with the reason for its default."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReaderDoorSettings:
    """Times in seconds, sizes in octets."""

    host: str = "127.0.0.1"
    port: int = 0  # 0: a free one
    max_connections: int = 256  # of one worker; a reader has one
    max_connections_per_address: int = 64  # a multiplexer has many readers behind one
    backlog: int = 64

    hello_timeout: float = 10.0  # until it has shaken hands, and then again until it has said who it is
    silence: float = 120.0  # a line has come within that time, whole
    answer_timeout: float = 10.0  # one that takes nothing of its answers
    max_line: int = 512  # a card is 128 characters at most, a token 200

    # A reader says a line when somebody taps, and now and then PING.
    lines_at_once: int = 20
    line_every: float = 0.1

"""Coverage-guided fuzzing of the decoder.

The invariant: any octets are either a message that encodes to exactly the octets it was read from, or a DecodeError;
fed in two pieces or in crumbs they give the same; reading the values as Python raises BadValueError at most, and
judging the message as a request IppError. Nothing else, ever.

    python -m tests.fuzz.fuzz_decoder CORPUS tests/data/printers tests/data/decoder-seeds

runs until it is stopped and keeps what it finds in CORPUS; it understands libFuzzer's options, as -max_total_time=60.
"""

import sys

import atheris

with atheris.instrument_imports(include=["ippgate.ipp"]):
    from ippgate.ipp import BadValueError, DecodeError, Decoder, IppError, Message, check_request, decode, encode
    from ippgate.ipp.registry import Operation

Outcome = tuple[Message, bytes] | tuple[int, str]
OPERATIONS = frozenset(Operation)


def one_input(octets: bytes) -> None:
    """Check the invariant on these octets."""
    outcome = at_once(octets)
    size = 1 + (octets[0] if octets else 0) % 37
    half = len(octets) // 2
    assert in_pieces([octets[:half], octets[half:]]) == outcome
    assert in_pieces([octets[start : start + size] for start in range(0, len(octets), size)]) == outcome
    message, rest = outcome
    if isinstance(message, Message) and isinstance(rest, bytes):
        assert encode(message) + rest == octets
        read_all_values(message)
        judge(message)


def at_once(octets: bytes) -> Outcome:
    """What the decoder makes of the octets."""
    try:
        return decode(octets)
    except DecodeError as error:
        return error.status, error.sentence


def in_pieces(pieces: list[bytes]) -> Outcome:
    """What the decoder makes of them one after the other; what follows the message is its document."""
    decoder = Decoder()
    try:
        for index, piece in enumerate(pieces):
            message = decoder.feed(piece)
            if message:
                return message, decoder.rest + b"".join(pieces[index + 1 :])
        decoder.close()
    except DecodeError as error:
        return error.status, error.sentence
    raise AssertionError("close returned")


def read_all_values(message: Message) -> None:
    """Read every value, those in collections too."""
    pending = [attribute for group in message.groups for attribute in group]
    while pending:
        for value in pending.pop().values:
            pending.extend(value.members)
            try:
                _ = value.python
            except BadValueError:
                continue


def judge(message: Message) -> None:
    """A request passes or is refused by its type."""
    try:
        check_request(message, OPERATIONS)
    except IppError:
        return


def main() -> None:
    """Hand over to libFuzzer, which ends the process."""
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

"""The PJL side of the socket device hears commands however the octets are cut."""

import pytest

from tests.rig.pjl_device import PjlDevice

TALK = b'\x1b%-12345X@PJL INFO ID\r\n@PJL USTATUS JOB = ON\r\n@PJL USTATUS JOB=ON\r\n@PJL JOB NAME="a b"\r\n'


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 1000])
def test_pieces_of_any_size_give_the_same_answers(piece: int) -> None:
    device = PjlDevice()
    answers = b"".join(device.feed(TALK[i : i + piece]) for i in range(0, len(TALK), piece))
    assert answers == b'@PJL INFO ID\r\n"Rig LaserJet"\r\n\x0c@PJL USTATUS JOB\r\nSTART\r\nNAME="a b"\r\n\x0c'


def test_a_document_is_no_command() -> None:
    device = PjlDevice()
    assert device.feed(b"@PJLINFO ID\n" + b"x" * 5000 + b"\n") == b""
    assert device.heard == []

"""What a queue is asked beyond the usual, as it is stored."""

import json

from ippgate.model.queue_options import USUAL, QueueOptions, pack, unpack


def test_what_is_as_usual_is_not_stored() -> None:
    assert pack(USUAL) == "{}"
    assert unpack("{}") == USUAL


def test_what_is_stored_comes_back() -> None:
    lenient = QueueOptions(lenient=True)
    assert json.loads(pack(lenient)) == {"lenient": True}
    assert unpack(pack(lenient)) == lenient


def test_an_option_of_a_later_gate_is_passed_over() -> None:
    assert unpack('{"lenient": true, "later": [1, [2]]}') == QueueOptions(lenient=True)

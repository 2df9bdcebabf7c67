"""What a queue is asked beyond the usual, as it is stored."""

import json

from ippgate.model.job_password import Repertoire
from ippgate.model.queue_options import USUAL, QueueOptions, Shown, pack, unpack
from ippgate.model.release_action import DefaultAction, ReleaseAction


def test_what_is_as_usual_is_not_stored() -> None:
    assert pack(USUAL) == "{}"
    assert unpack("{}") == USUAL


def test_what_is_stored_comes_back() -> None:
    lenient = QueueOptions(lenient=True)
    assert json.loads(pack(lenient)) == {"lenient": True}
    assert unpack(pack(lenient)) == lenient


def test_keywords_come_back_as_what_they_are() -> None:
    options = QueueOptions(
        release_action=DefaultAction.BUTTON_PRESS, password_repertoire=Repertoire.ANY, shown=Shown.COMPLETED
    )
    stored = pack(options)
    assert json.loads(stored) == {
        "release_action": "button-press",
        "password_repertoire": "iana_us-ascii_any",
        "shown": "completed",
    }
    back = unpack(stored)
    assert back == options
    assert (back.release_action.action, back.shown) == (ReleaseAction.BUTTON_PRESS, Shown.COMPLETED)
    assert USUAL.release_action.action is None


def test_an_option_of_a_later_gate_is_passed_over() -> None:
    assert unpack('{"lenient": true, "later": [1, [2]]}') == QueueOptions(lenient=True)

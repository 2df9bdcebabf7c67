"""What a line printer daemon is told has exactly our lines, whatever a job is called (SECURITY S6, S7)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.ipp import Attribute, Tag, Value, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.transport.lpd_job import (
    HOST_LIMIT,
    MAX_COPIES,
    NAME_LIMIT,
    SOURCE_LIMIT,
    USER_LIMIT,
    job_of,
    queue_state,
    receive_control,
    receive_data,
    receive_job,
    spoken,
)
from tests.conformance.transport.parcels import parcel


def test_a_job_is_told_as_rfc_1179_writes_it() -> None:
    job = job_of(parcel(name="Report é.pdf", user="jake"), "gate.example.org", copies=True)
    assert job.control() == b"Hgate\nPjake\nJReport e.pdf\nldfA007gate\nUdfA007gate\nNReport e.pdf\n"
    assert receive_control(job) == b"\x02%d cfA007gate\n" % len(job.control())
    assert receive_data(job, 4096) == b"\x034096 dfA007gate\n"
    assert receive_job("lp") == b"\x02lp\n"
    assert queue_state("lp") == b"\x03lp \n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-rf /", "rf _"),
        ("- - --help", "help"),
        ("`id`;$(reboot)|'x'\"y\"", "_id___(reboot)__x__y_"),
        ("a\nJother\r\n\x02lp\x00", "a Jother lp"),
        ("\x1b%-12345X@PJL", "_-12345X@PJL"),
        ("Über\u202eñandú", "Ubernandu"),
        ("中文", "__"),
        ("", ""),
        (" \t ", ""),
    ],
)
def test_what_a_line_or_a_shell_would_take_for_its_own_is_an_underscore(text: str, said: str) -> None:
    assert spoken(text, 131) == said


@given(st.text(), st.text(), st.text(max_size=60))
def test_no_name_user_or_host_adds_a_line_or_outgrows_its_limit(name: str, user: str, host: str) -> None:
    job = job_of(parcel(name=name, user=user), host, copies=True)
    control = job.control()
    assert control.isascii()
    assert all(32 <= octet < 127 or octet == 10 for octet in control)
    lines = control.decode().splitlines()
    assert [line[0] for line in lines] == ["H", "P", "J", "l", "U", "N"]
    limits = (HOST_LIMIT, USER_LIMIT, NAME_LIMIT, SOURCE_LIMIT, SOURCE_LIMIT, SOURCE_LIMIT)
    assert all(2 <= len(line) <= 1 + limit for line, limit in zip(lines, limits, strict=True))
    assert not any(line[1] == "-" for line in lines)
    assert " " not in job.control_name + job.data_name + job.user


def test_a_job_without_a_name_is_called_by_its_token() -> None:
    sent = parcel(name="", user="\x00")
    assert job_of(sent, "gate", copies=True).name == sent.token
    assert job_of(sent, "", copies=True).host == "ippgate"
    assert job_of(sent, "gate", copies=True).user == "unknown"


@pytest.mark.parametrize(("number", "name"), [(7, "dfA007gate"), (1000, "dfA000gate"), (123_456, "dfA456gate")])
def test_a_job_number_has_three_digits(number: int, name: str) -> None:
    assert job_of(replace(parcel(), job_id=number), "gate", copies=True).data_name == name


@pytest.mark.parametrize(
    ("asked", "lines"),
    [
        (attribute(A.COPIES, 3), 3),
        (attribute(A.COPIES, MAX_COPIES), MAX_COPIES),
        (attribute(A.COPIES, MAX_COPIES + 1), 1),
        (Attribute(A.COPIES, (Value(Tag.INTEGER, b"\xff"),)), 1),
        (Attribute(A.COPIES, (Value(Tag.KEYWORD, b"many"),)), 1),
    ],
)
def test_each_copy_is_a_line_up_to_a_bound(asked: Attribute, lines: int) -> None:
    sent = parcel(template=(asked,))
    assert job_of(sent, "gate", copies=True).control().count(b"\nl") == lines
    assert job_of(sent, "gate", copies=False).control().count(b"\nl") == 1

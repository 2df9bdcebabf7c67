"""Names that are announced: one label each, whatever an operator calls a queue."""

import pytest

from ippgate.discovery.label import MAX_NUMBER, MOST, candidates, host_name, label, numbered


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Follow me", "Follow me"),
        ("  two   blanks \t", "two blanks"),
        ("Dr. Müller, 2.OG", "Dr․ Müller, 2․OG"),
        ("back\\slash", "back\\slash"),
        ("nul\0l, bell\a, line\nend", "null, bell, line end"),
        ("right\u202eleft", "rightleft"),
        ("trailing dot.", "trailing dot․"),
        ("", ""),
        ("\0\0", ""),
    ],
)
def test_a_label_is_one_line_without_full_stops(text: str, shown: str) -> None:
    assert label(text) == shown


@pytest.mark.parametrize("text", ["x" * 300, "ü" * 300, "🖨" * 300, "a" + "🖨" * 300, ". " * 300, "…" * 64])
def test_a_label_has_63_octets_at_most_and_no_half_characters(text: str) -> None:
    octets = label(text).encode()
    assert MOST - 4 <= len(octets) <= MOST
    assert octets.decode() == label(text)


def test_a_taken_name_is_numbered_as_printers_do() -> None:
    assert [numbered("Follow me", number) for number in (1, 2, 3)] == ["Follow me", "Follow me (2)", "Follow me (3)"]


@pytest.mark.parametrize("base", ["x" * 63, "🖨" * 15 + "abc", "ü" * 31])
def test_a_number_has_room(base: str) -> None:
    for number in (2, 10, 99):
        name = numbered(base, number)
        assert len(name.encode()) <= MOST
        assert name.endswith(f" ({number})")


def test_the_name_itself_is_tried_first_and_ninety_nine_in_all() -> None:
    names = list(candidates("Follow me"))
    assert names[:3] == ["Follow me", "Follow me (2)", "Follow me (3)"]
    assert (len(names), names[-1]) == (MAX_NUMBER, "Follow me (99)")


def test_the_name_it_had_last_is_tried_before() -> None:
    assert list(candidates("Follow me", "Follow me (3)"))[:3] == ["Follow me (3)", "Follow me", "Follow me (2)"]
    assert len(list(candidates("Follow me", "Follow me (3)"))) == MAX_NUMBER


def test_a_name_that_it_had_under_another_title_is_not() -> None:
    assert next(candidates("Ground floor", "Follow me (2)")) == "Ground floor"


@pytest.mark.parametrize(
    ("machine", "name"),
    [
        ("print1", "print1-ippgate.local"),
        ("Print1.example.org", "print1-ippgate.local"),
        ("we_ird host", "we-ird-host-ippgate.local"),
        ("", "ippgate.local"),
        ("...", "ippgate.local"),
        ("h" * 64, f"{'h' * 55}-ippgate.local"),
    ],
)
def test_the_gate_has_a_host_name_of_its_own(machine: str, name: str) -> None:
    assert host_name(machine) == name
    assert len(name.split(".", maxsplit=1)[0]) <= MOST

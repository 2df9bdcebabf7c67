"""Groups and messages as the services read them."""

from ippgate.ipp import Group, Message, Tag, attribute
from ippgate.ipp.registry import attributes as names

JOB = Group(
    Tag.JOB,
    [
        attribute(names.JOB_ID, 7),
        attribute(names.JOB_NAME, "first"),
        attribute(names.JOB_NAME, "second"),
        attribute(names.JOB_STATE_REASONS, "job-incoming", "job-fetchable"),
        attribute(names.IPP_ATTRIBUTE_FIDELITY, True),
    ],
)


def test_group_reads_the_first_attribute_of_a_name() -> None:
    assert JOB.text(names.JOB_NAME) == "first"
    assert JOB.integer(names.JOB_ID) == 7
    assert JOB.texts(names.JOB_STATE_REASONS) == ["job-incoming", "job-fetchable"]
    assert JOB.boolean(names.IPP_ATTRIBUTE_FIDELITY) is True
    assert names.JOB_ID in JOB
    assert [attribute.name for attribute in JOB][:2] == [names.JOB_ID, names.JOB_NAME]


def test_absent_attribute_reads_as_nothing() -> None:
    assert JOB.get(names.COPIES) is None
    assert names.COPIES not in JOB
    assert (JOB.text(names.COPIES), JOB.integer(names.COPIES), JOB.boolean(names.COPIES)) == (None, None, None)
    assert JOB.texts(names.COPIES) == []


def test_attribute_of_another_type_reads_as_nothing() -> None:
    assert JOB.integer(names.JOB_NAME) is None
    assert JOB.text(names.JOB_ID) is None
    assert JOB.boolean(names.JOB_ID) is None


def test_groups_are_found_by_their_delimiter() -> None:
    operation, second = Group(Tag.OPERATION), Group(Tag.JOB)
    message = Message((2, 0), 0, 1, [operation, JOB, second])
    assert message.operation is operation
    assert message.group(Tag.JOB) is JOB
    assert list(message.groups_of(Tag.JOB)) == [JOB, second]
    assert message.group(Tag.PRINTER) is None


def test_empty_group_is_still_a_group() -> None:
    assert Message((2, 0), 0, 1, [Group(Tag.UNSUPPORTED_GROUP)]).group(Tag.UNSUPPORTED_GROUP)


def test_added_attributes_come_last() -> None:
    group = Group(Tag.JOB)
    group.add(attribute(names.JOB_ID, 1), attribute(names.COPIES, 2))
    group.add(attribute(names.SIDES, "one-sided"))
    assert [attribute.name for attribute in group] == [names.JOB_ID, names.COPIES, names.SIDES]

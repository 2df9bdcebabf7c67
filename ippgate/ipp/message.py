"""A message: version, operation or status, request id, and groups of attributes in the order they came."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ippgate.ipp.tag import Tag
from ippgate.ipp.value import Attribute


@dataclass(slots=True)
class Group:
    """Attributes under one delimiter. Order and repeats are kept; a lookup finds the first of its name."""

    tag: int
    attributes: list[Attribute] = field(default_factory=list)

    def get(self, name: str) -> Attribute | None:
        """The first attribute of that name."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        return None

    def add(self, *attributes: Attribute) -> None:
        """Append them, in order."""
        self.attributes.extend(attributes)

    def text(self, name: str) -> str | None:
        """What the attribute's first string value says; None if it is absent or no string."""
        attribute = self.get(name)
        return attribute.text() if attribute else None

    def texts(self, name: str) -> list[str]:
        """What the attribute's string values say."""
        attribute = self.get(name)
        return attribute.texts() if attribute else []

    def integer(self, name: str) -> int | None:
        """The attribute's first value, if it is an integer or enum."""
        attribute = self.get(name)
        return attribute.integer() if attribute else None

    def boolean(self, name: str) -> bool | None:
        """The attribute's first value, if it is a boolean."""
        attribute = self.get(name)
        return attribute.boolean() if attribute else None

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self.attributes)

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None


@dataclass(slots=True)
class Message:
    """A request (`code` is an operation) or an answer (`code` is a status). Document bytes are never part of it."""

    version: tuple[int, int]
    code: int
    request_id: int
    groups: list[Group] = field(default_factory=list)

    @property
    def operation(self) -> Group:
        """The operation attributes, to read; if the message has none, an empty group that is not part of it."""
        return self.group(Tag.OPERATION) or Group(Tag.OPERATION)

    def group(self, tag: int) -> Group | None:
        """The first group with that delimiter."""
        return next(self.groups_of(tag), None)

    def groups_of(self, tag: int) -> Iterator[Group]:
        """Every group with that delimiter, in order: an answer to Get-Jobs has one for each job."""
        return (group for group in self.groups if group.tag == tag)

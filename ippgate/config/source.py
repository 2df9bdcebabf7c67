"""Where values come from: one entry of a file or of the environment, before it is judged."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A value as somebody wrote it."""

    section: str  # empty: the top of the file
    key: str
    value: object
    where: str  # the file's path, or the variable's name
    line: int | None = None
    section_line: int | None = None
    text: bool = False  # everything in the environment is text

    @property
    def path(self) -> str:
        return f"{self.section}.{self.key}" if self.section else self.key

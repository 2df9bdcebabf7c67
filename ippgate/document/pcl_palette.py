"""The palettes of PCL 5c: which index of the current one is a colour. True, False, or None when it can't be told.

HP, PCL 5 Color Technical Reference, chapters 2 and 3. Black and white are all that PCL 5e knows.
"""

from dataclasses import dataclass, field

MAX_ENTRIES = 256
MAX_STACK = 32
"""Palettes pushed on each other; beyond them nothing can be told."""

_SIMPLE_HUES = range(1, 7)  # of eight entries all but the first and the last, in RGB and in CMY
_COLOR_SPACES = frozenset({0, 1, 2})  # device RGB, CMY, colorimetric RGB: grey is what has all components the same


@dataclass(slots=True)
class Palette:
    """One palette: entries of which something is known, and what holds for all others."""

    entries: dict[int, bool | None] = field(default_factory=dict)
    fixed: bool = True  # entries can't be changed (black and white, simple colour)
    beyond: bool | None = False  # what entries that are not in `entries` are
    equal_is_grey: bool = True

    def color(self, index: int) -> bool | None:
        """Whether an index is a colour."""
        return self.entries.get(index, self.beyond)

    def copy(self) -> "Palette":
        return Palette(dict(self.entries), self.fixed, self.beyond, self.equal_is_grey)


def simple(number: int) -> Palette:
    """The palette that simple colour (ESC * r # U) makes: 3 RGB, -3 CMY, everything else black and white."""
    hues: dict[int, bool | None] = dict.fromkeys(_SIMPLE_HUES, True) if number in {3, -3} else {}
    return Palette(hues)


def configured(color_space: int, bits_per_index: int, *, direct: bool) -> Palette:
    """The palette that configure image data (ESC * v # W) makes: to be programmed, and made by the device before.

    Where pixels are their own colours (direct) it has the eight entries of simple colour, for text and rules.
    """
    equal_is_grey = color_space in _COLOR_SPACES
    if direct:
        return Palette(dict.fromkeys(_SIMPLE_HUES, True), fixed=False, equal_is_grey=equal_is_grey)
    if bits_per_index <= 1:
        return Palette({}, fixed=False, equal_is_grey=equal_is_grey)
    ends: dict[int, bool | None] = {0: False, (1 << min(bits_per_index, 8)) - 1: False}
    return Palette(ends, fixed=False, beyond=None, equal_is_grey=equal_is_grey)


def pens() -> Palette:
    """The palette that HP-GL/2 initialises (IN): white, black, and six pens in colour."""
    return Palette({0: False, 1: False}, fixed=False, beyond=True)


class Palettes:
    """The current palette, those pushed below it, and the colour that text and rules are printed in."""

    def __init__(self) -> None:
        self.current = Palette()
        self.foreground: bool | None = False
        self._stack: list[Palette] = []
        self._components = [0.0, 0.0, 0.0]
        self._lost = False  # palettes were selected by number, or pushed too deeply

    def replace(self, palette: Palette) -> None:
        self.current = palette

    def color(self, index: int) -> bool | None:
        return None if self._lost else self.current.color(index)

    def choose_foreground(self, index: int) -> None:
        """ESC * v # S. The colour stays what it is when the palette changes afterwards."""
        self.foreground = self.color(index)

    def component(self, which: int, value: float) -> None:
        """ESC * v # A, B, C: the components of the next entry."""
        self._components[which] = value

    def assign(self, index: int) -> None:
        """ESC * v # I: the components become an entry."""
        hued: bool | None = len(set(self._components)) > 1
        self._components = [0.0, 0.0, 0.0]
        self.define(index, hued if self.current.equal_is_grey else None)

    def define(self, index: int, color: bool | None) -> None:
        if not self.current.fixed and 0 <= index < MAX_ENTRIES:
            self.current.entries[index] = color

    def push(self) -> None:
        """ESC * p 0 P."""
        if len(self._stack) >= MAX_STACK:
            self._lost = True
        else:
            self._stack.append(self.current.copy())

    def pop(self) -> None:
        """ESC * p 1 P."""
        if self._stack:
            self.current = self._stack.pop()

    def lose(self) -> None:
        """Palettes are told apart by numbers (ESC & p # S, I, C), which is not followed."""
        self._lost = True

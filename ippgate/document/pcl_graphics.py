"""What PCL 5 draws beside text: raster rows, rectangles and HP-GL/2, as far as marks and colours go."""

from collections.abc import Callable
from copy import deepcopy

from ippgate.document.hpgl import HpglReader
from ippgate.document.pcl_palette import Palettes, configured, simple
from ippgate.document.pcl_raster import RasterRows, simple_format
from ippgate.document.sight import Sight

Mark = Callable[[bool | None], None]
"""Told of what leaves a mark on the page, and whether in colour."""


class Graphics:
    """Colours, the raster being received, and the plotter. Tells `mark` what it finds."""

    def __init__(self, mark: Mark) -> None:
        self._mark = mark
        self._sight = Sight()
        self.reset()

    def reset(self) -> None:
        """What ESC E puts back."""
        self.palettes = Palettes()
        self.rows = RasterRows(self._sight)
        self.plotting = False  # HP-GL/2 is being read
        self._plotter = HpglReader(self.palettes)
        self._row_count = 0
        self._pattern_color: bool | None = False

    def saved(self) -> Palettes:
        """The colours as they are, to be given back to `restore`."""
        return deepcopy(self.palettes)

    def restore(self, palettes: Palettes) -> None:
        """Have the colours that were saved."""
        self.palettes = palettes
        self._plotter = HpglReader(palettes)

    def end_page(self) -> None:
        """A page has ended; a raster on it goes on with blank rows before it."""
        self.rows.start()
        self._row_count = 0

    # raster

    def start_raster(self, width: int) -> None:
        """ESC * r # A, on a page of so many pixels."""
        self.rows.page_width = max(1, width)
        self.rows.start()

    def row_passed(self, mode: int | None) -> None:
        """A row that need not be looked at."""
        if mode is not None:
            self.rows.mode = mode
        self._row_count += 1
        self._mark(self.palettes.foreground)

    def row(self, payload: bytes, *, last: bool) -> None:
        """ESC * b # V (one plane, not the last) or W. Even a blank row makes the page one that is printed."""
        self._row_count += last
        self._mark(self.rows.transfer(payload, last=last))
        self._mark(self.palettes.foreground)  # rows mix with it

    def skip_rows(self, count: int) -> None:
        """ESC * b # Y."""
        self._row_count += max(0, count)
        self.rows.start()

    def end_raster(self) -> int:
        """ESC * r B or C; return the rows that were passed."""
        count, self._row_count = self._row_count, 0
        self.rows.start()
        return count

    def set_mode(self, mode: int) -> None:
        """ESC * b # M."""
        self.rows.mode = mode

    # colours

    def simple_color(self, number: int) -> None:
        """ESC * r # U."""
        self.palettes.replace(simple(number))
        self.rows.configure(simple_format(number))

    def configure(self, payload: bytes) -> None:
        """ESC * v # W."""
        space, encoding, bits = (*payload[:3], 0, 0, 0)[:3]
        self.palettes.replace(configured(space, bits, direct=encoding > 1))
        self.rows.describe(payload, self.palettes.current)

    def assign(self, index: int) -> None:
        """ESC * v # I: an entry of the palette."""
        self.palettes.assign(index)
        self.rows.repaint(self.palettes.current)

    def fill(self, pattern: int) -> None:
        """ESC * c # P: a rectangle, black, white, shaded, hatched, or in a pattern of the document's own."""
        if pattern >= 4:
            self._mark(self._pattern_color)
        self._mark(self.palettes.foreground)

    def define_pattern(self, payload: bytes) -> None:
        """ESC * c # W."""
        if payload[:1] == b"\x01":  # one in colours
            self._pattern_color = None

    # HP-GL/2

    def plot(self, instructions: bytes) -> None:
        """Instructions that came."""
        self._plotter.begin()
        self._plotter.read(instructions)
        self._plotted()

    def enter_plotter(self) -> None:
        """ESC % # B."""
        self.plotting = True

    def leave_plotter(self) -> None:
        """ESC % # A, or whatever ends HP-GL/2."""
        if self.plotting:
            self._plotter.begin()
            self._plotter.leave()
            self._plotted()
        self.plotting = False

    def _plotted(self) -> None:
        if self._plotter.marked:
            self._mark(self._plotter.color)

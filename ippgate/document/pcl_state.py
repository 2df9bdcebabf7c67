"""The page that PCL 5 is making, its paper, and the pages that were made: the state behind parser and commands.

Macros are judged when they are defined: what they mark they mark again when they are called; one that ends pages makes
the pages of a document that calls it unknown.
"""

from copy import deepcopy
from dataclasses import dataclass, field

from ippgate.document.media_codes import PCL5
from ippgate.document.pcl_graphics import Graphics
from ippgate.document.pcl_layout import PER_INCH, Layout
from ippgate.document.pcl_palette import Palettes
from ippgate.document.tally import HUNDREDTHS_PER_INCH, PageTally, Size

MAX_MACROS = 256
"""Macros that are remembered; a document that defines more has pages that are not known."""

_SIDES = {0: "one-sided", 1: "two-sided-long-edge", 2: "two-sided-short-edge"}


class UnknownPagesError(Exception):
    """The pages can't be known; the text says why."""


@dataclass(slots=True)
class _Page:
    """What is on the page that is being made."""

    marked: bool = False
    color: bool | None = False

    def mark(self, color: bool | None) -> None:
        """Something is printed, in colour, in black or grey, or in what can't be told."""
        self.marked = True
        self.tint(color)

    def tint(self, color: bool | None) -> None:
        """Something has this colour, if there is anything."""
        if self.color is not True and color is not False:
            self.color = color


@dataclass(slots=True)
class _Macro:
    page: _Page
    ends_pages: bool = False
    copies: int | None = None


@dataclass(slots=True)
class _Environment:
    """What a reset (ESC E) puts back."""

    layout: Layout = field(default_factory=Layout)
    copies: int | None = None
    sides: str | None = None
    monochrome: bool = False
    line_termination: int = 0
    wraps: bool = False
    resolution: int = 75
    overlay: _Macro | None = None


class PclState:
    """Carries commands out as far as pages go."""

    def __init__(self, paper: Size | None) -> None:
        self.tally = PageTally()
        self._paper = paper
        self._env = self._fresh()
        self._page = _Page()
        self.graphics = Graphics(self.mark)
        self._macros: dict[int, _Macro] = {}
        self._macro_id = 0
        self._defining: tuple[_Macro, _Page, _Environment, Palettes] | None = None

    def _fresh(self) -> _Environment:
        return _Environment(Layout(self._paper))

    @property
    def layout(self) -> Layout:
        return self._env.layout

    # what the parser asks

    @property
    def looks_at_rows(self) -> bool:
        return self.graphics.rows.looks and self._page.color is not True and not self._env.monochrome

    @property
    def cr_feeds(self) -> bool:
        return self._env.line_termination in {1, 3}

    @property
    def wraps(self) -> bool:
        return self._env.wraps

    def feeds_fit(self, count: int) -> bool:
        """Whether so many lines fit on the page."""
        layout = self.layout
        y, ends = layout.y, layout.line_feeds(count)
        layout.y = y
        return ends == 0

    # what comes

    def mark_text(self) -> None:
        """Characters are printed."""
        self.mark(self.graphics.palettes.foreground)

    def move_to(self, place: int, in_decipoints: bool) -> None:
        """ESC * p # Y or ESC & a # V, without a sign."""
        self.layout.move(place * (10 if in_decipoints else self.layout.unit), relative=False)

    def line_feeds(self, count: int) -> None:
        """So many line feeds, which may end pages."""
        self.pages_end(self.layout.line_feeds(count))

    def half_line_feed(self) -> None:
        """ESC =."""
        self.pages_end(self.layout.half_line_feed())

    def form_feed(self) -> None:
        """A page ends, be it blank."""
        self.end_page(always=True)
        self.layout.home()

    def reset(self) -> None:
        """ESC E: the job's own settings end."""
        if self._defining:
            self._defining[0].ends_pages = True
            return
        self.graphics.leave_plotter()
        self.end_page()
        self._env = self._fresh()
        self.graphics.reset()
        self._macros.clear()

    def end(self) -> None:
        """The job has ended."""
        if self._defining:
            raise UnknownPagesError("the definition of a macro never ends")
        self.graphics.leave_plotter()
        self.end_page()

    # pages

    def mark(self, color: bool | None) -> None:
        """Something is printed, in colour, in black or grey, or in what can't be told."""
        self._page.mark(False if self._env.monochrome else color)

    def end_page(self, *, always: bool = False) -> None:
        """The page ends: always, or only if there is anything on it."""
        if not always and not self._page.marked:
            return
        if self._defining:
            self._defining[0].ends_pages = True
            return
        env = self._env
        if env.overlay:
            self.mark(env.overlay.page.color)
        self.tally.add(color=self._page.color, size=env.layout.size, copies=env.copies, sides=env.sides)
        self._page = _Page()
        self.graphics.end_page()

    def pages_end(self, count: int) -> None:
        """Text ran over so many ends of pages."""
        if not count:
            return
        if self.layout.size is None:
            raise UnknownPagesError("its text breaks pages where the device's own paper ends")
        for _ in range(count):
            self.end_page(always=True)

    def eject(self) -> None:
        """ESC & l # H, ESC & l # M, ESC & a # G: other paper, or its other side."""
        self.end_page()
        self.layout.home()

    def set_copies(self, copies: int) -> None:
        """ESC & l # X."""
        if copies > 0:
            self._env.copies = copies

    def set_sides(self, sides: int) -> None:
        """ESC & l # S."""
        self.end_page()
        self._env.sides = _SIDES.get(sides, self._env.sides)

    def set_size(self, code: int) -> None:
        """ESC & l # A."""
        self.end_page()
        self.layout.size = PCL5.get(code)
        self.layout.reset_margins()

    def set_orientation(self, orientation: int) -> None:
        """ESC & l # O."""
        landscape = orientation in {1, 3}
        if orientation in range(4) and landscape != self.layout.landscape:
            self.end_page()
            self.layout.landscape = landscape
            self.layout.line = PER_INCH // 6
            self.layout.reset_margins()

    def set_page_length(self, lines: int) -> None:
        """ESC & l # P, of devices without ESC & l # A: the paper as long as so many lines."""
        self.end_page()
        layout = self.layout
        length = round(lines * layout.line * HUNDREDTHS_PER_INCH / PER_INCH)
        near = [size for size in PCL5.values() if abs(size[0 if layout.landscape else 1] - length) < 300]
        layout.size = near[0] if near else None
        layout.reset_margins()

    def set_top(self, lines: int) -> None:
        """ESC & l # E."""
        at_home = self.layout.at_home and not self._page.marked
        self.layout.set_top(lines)
        if at_home:
            self.layout.home()

    def set_line(self, height: float) -> None:
        """ESC & l # C or D: the height of a line."""
        at_home = self.layout.at_home and not self._page.marked
        self.layout.line = min(max(0, int(height)), PER_INCH * 100)
        if at_home:
            self.layout.home()

    def set_skip(self, skip: int) -> None:
        """ESC & l # L."""
        self.layout.skips = skip != 0

    def set_line_termination(self, mode: int) -> None:
        """ESC & k # G."""
        self._env.line_termination = mode

    def set_wrap(self, mode: int) -> None:
        """ESC & s # C."""
        self._env.wraps = mode == 0

    def set_unit(self, per_inch: int) -> None:
        """ESC & u # D."""
        if per_inch > 0:
            self.layout.unit = max(1, PER_INCH // per_inch)

    def set_resolution(self, resolution: int) -> None:
        """ESC * t # R."""
        if resolution > 0:
            self._env.resolution = resolution

    def start_raster(self) -> None:
        """ESC * r # A, which makes the page one that is printed."""
        self.mark(False)
        self.graphics.start_raster(self.layout.width * self._env.resolution // PER_INCH)

    def end_raster(self) -> None:
        """ESC * r B or C: the cursor is below the rows."""
        self.layout.move(self.graphics.end_raster() * PER_INCH / self._env.resolution, relative=True)

    def set_monochrome(self, mode: int) -> None:
        """ESC & b # M."""
        self._env.monochrome = mode == 1

    # macros

    def set_macro_id(self, number: int) -> None:
        """ESC & f # Y."""
        self._macro_id = number

    def control_macro(self, control: int) -> None:
        """ESC & f # X: 0 and 1 begin and end a definition, 2 and 3 use it, 4 and 5 lay it over each page or no more."""
        if control == 0 and not self._defining:
            macro = _Macro(_Page())
            self._defining = (macro, self._page, deepcopy(self._env), self.graphics.saved())
            self._page, self._env.copies = macro.page, None
        elif control == 1 and self._defining:
            self._define_macro(*self._defining)
        elif self._defining and control in {2, 3}:
            self._defining[0].ends_pages = True  # macros within macros are not followed
        elif control in {2, 3}:
            self._use(self._macros.get(self._macro_id))
        elif control == 4:
            self._env.overlay = self._macros.get(self._macro_id) or _Macro(_Page(color=None))
        elif control == 5:
            self._env.overlay = None

    def _define_macro(self, macro: _Macro, page: _Page, env: _Environment, palettes: Palettes) -> None:
        macro.copies = self._env.copies
        if self._macro_id not in self._macros and len(self._macros) >= MAX_MACROS:
            raise UnknownPagesError(f"it defines more than {MAX_MACROS} macros")
        self._macros[self._macro_id] = macro
        self._page, self._env, self._defining = page, env, None
        self.graphics.restore(palettes)

    def _use(self, macro: _Macro | None) -> None:
        if macro is None:  # one that the device has, or nothing
            self._page.tint(None)
            return
        if macro.ends_pages:
            raise UnknownPagesError("it ends pages in a macro")
        if macro.page.marked:
            self.mark(macro.page.color)
        self._env.copies = macro.copies or self._env.copies

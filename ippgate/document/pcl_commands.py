"""The commands of PCL 5 that say anything of pages, paper or colour. All others are passed over.

HP, PCL 5 Printer Language Technical Reference, and its Color Technical Reference, by the section of each command.
"""

from collections.abc import Callable

from ippgate.document.pcl_graphics import Graphics
from ippgate.document.pcl_layout import PER_INCH
from ippgate.document.pcl_raster import device_format
from ippgate.document.pcl_state import PclState

Command = Callable[[float, bytes, bool], None]
"""Given the value, the payload, and whether the value had a sign, which makes moves relative."""


def commands(state: PclState) -> dict[bytes, Command]:
    """What is done for each command, by its class, group and letter."""
    graphics = state.graphics
    return {
        b"&lX": lambda value, *_: state.set_copies(int(value)),
        b"&lS": lambda value, *_: state.set_sides(int(value)),
        b"&lA": lambda value, *_: state.set_size(int(value)),
        b"&lO": lambda value, *_: state.set_orientation(int(value)),
        b"&lP": lambda value, *_: state.set_page_length(int(value)),
        b"&lH": lambda *_: state.eject(),
        b"&lM": lambda *_: state.eject(),
        b"&aG": lambda *_: state.eject(),
        b"&lC": lambda value, *_: state.set_line(value * PER_INCH / 48),
        b"&lD": lambda value, *_: state.set_line(PER_INCH / value if value else 0),
        b"&lE": lambda value, *_: state.set_top(int(value)),
        b"&lF": lambda value, *_: state.layout.set_length(int(value)),
        b"&lL": lambda value, *_: state.set_skip(int(value)),
        b"&kG": lambda value, *_: state.set_line_termination(int(value)),
        b"&sC": lambda value, *_: state.set_wrap(int(value)),
        b"&uD": lambda value, *_: state.set_unit(int(value)),
        b"*pY": lambda value, _, signed: state.layout.move(value * state.layout.unit, relative=signed),
        b"&aV": lambda value, _, signed: state.layout.move(value * 10, relative=signed),
        b"&aR": lambda value, _, signed: state.pages_end(state.layout.rows(value, relative=signed)),
        b"&fS": lambda value, *_: state.layout.pop() if value else state.layout.push(),
        b"&fY": lambda value, *_: state.set_macro_id(int(value)),
        b"&fX": lambda value, *_: state.control_macro(int(value)),
        b"&pX": lambda value, *_: state.mark_text() if value > 0 else None,
        b"&bM": lambda value, *_: state.set_monochrome(int(value)),
        b"%A": lambda *_: graphics.leave_plotter(),
        b"%B": lambda *_: graphics.enter_plotter(),
    } | _drawing(state, graphics)


def _drawing(state: PclState, graphics: Graphics) -> dict[bytes, Command]:
    return {
        b"*tR": lambda value, *_: state.set_resolution(int(value)),
        b"*rS": lambda value, *_: graphics.rows.set_width(max(0, int(value))),
        b"*rA": lambda *_: state.start_raster(),
        b"*rB": lambda *_: state.end_raster(),
        b"*rC": lambda *_: state.end_raster(),
        b"*rU": lambda value, *_: graphics.simple_color(int(value)),
        b"*vW": lambda _, payload, __: graphics.configure(payload),
        b"*gW": lambda _, payload, __: graphics.rows.configure(device_format(payload)),
        b"*bM": lambda value, *_: graphics.set_mode(int(value)),
        b"*bY": lambda value, *_: graphics.skip_rows(int(value)),
        b"*bV": lambda _, payload, __: graphics.row(payload, last=False),
        b"*bW": lambda _, payload, __: graphics.row(payload, last=True),
        b"*vA": lambda value, *_: graphics.palettes.component(0, value),
        b"*vB": lambda value, *_: graphics.palettes.component(1, value),
        b"*vC": lambda value, *_: graphics.palettes.component(2, value),
        b"*vI": lambda value, *_: graphics.assign(int(value)),
        b"*vS": lambda value, *_: graphics.palettes.choose_foreground(int(value)),
        b"*pP": lambda value, *_: graphics.palettes.pop() if value else graphics.palettes.push(),
        b"&pS": lambda *_: graphics.palettes.lose(),
        b"&pI": lambda *_: graphics.palettes.lose(),
        b"*cP": lambda value, *_: graphics.fill(int(value)),
        b"*cW": lambda _, payload, __: graphics.define_pattern(payload),
    }

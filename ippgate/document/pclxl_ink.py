"""What PCL XL paints with, as far as colour goes: brush, pen, colour space, palette, patterns, and the page's verdict.

True: in colour; False: black, grey and white; None: can't be told. HP's PCL XL Feature Reference names operators and
attributes as they are named here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ippgate.document.pclxl_image import ImageRows
from ippgate.document.pixels import equal_components, palette_is_grey
from ippgate.document.sight import Sight

MAX_DEPTH = 256
"""Graphics states pushed on each other; devices keep fewer."""

MAX_PATTERNS = 1024
"""Patterns remembered; the colour of further ones is not known."""

Value = int | float | bytes | tuple[float, ...] | None
Attributes = Mapping[int, Value]
"""Attribute values by attribute number: a number, an array of octets, or the numbers of an array, a pair, a box."""

COLOR_SPACE, PALETTE_DATA, PATTERN_SELECT_ID, RGB_COLOR, PRIMARY_ARRAY = 3, 6, 8, 11, 14
COLOR_DEPTH, COLOR_MAPPING, PATTERN_DEFINE_ID, SOURCE_WIDTH = 98, 100, 105, 108
_GRAY, _RGB_SPACES = 1, frozenset({2, 5, 6})  # eRGB, eCRGB, eSRGB
_DIRECT, _INDEXED = 0, 1
_BITS = (1, 4, 8)  # of e1Bit, e4Bit, e8Bit


@dataclass(frozen=True, slots=True)
class _State:
    """One graphics state. A page begins with black ink and the colour space of the device."""

    brush: bool | None = False
    pen: bool | None = False
    space: int = _GRAY
    palette: bytes | None = None


_BEGIN = _State()


class Ink:
    """Follows the graphics states of a page and judges what is painted."""

    def __init__(self, sight: Sight) -> None:
        self.page: bool | None = False
        self.image: ImageRows | None = None  # whose pixels are wanted
        self._sight = sight
        self._state = _BEGIN
        self._pushed: list[_State] = []
        self._patterns: dict[Value, bool | None] = {}
        self._pattern: Value = None  # the one whose pixels `image` are

    @property
    def settled(self) -> bool:
        """Whether nothing on this page can change the verdict any more."""
        return self.page is True

    @property
    def grey(self) -> bool:
        """Whether painting with brush and pen can't change the verdict."""
        return self._state.brush is False and self._state.pen is False

    def begin_page(self) -> None:
        self.page, self.image = False, None
        self._state = _BEGIN
        self._pushed.clear()

    def push(self) -> bool:
        """Keep the state; False: they are nested too deeply."""
        self._pushed.append(self._state)
        return len(self._pushed) <= MAX_DEPTH

    def pop(self) -> None:
        if self._pushed:
            self._state = self._pushed.pop()

    def set_color_space(self, attributes: Attributes) -> None:
        space, palette = attributes.get(COLOR_SPACE), attributes.get(PALETTE_DATA)
        self._state = replace(
            self._state,
            space=space if isinstance(space, int) else 0,
            palette=palette if isinstance(palette, bytes) else None,
        )

    def set_brush(self, attributes: Attributes) -> None:
        self._state = replace(self._state, brush=self._hue(attributes))

    def set_pen(self, attributes: Attributes) -> None:
        self._state = replace(self._state, pen=self._hue(attributes))

    def _hue(self, attributes: Attributes) -> bool | None:
        if PATTERN_SELECT_ID in attributes:
            return self._patterns.get(attributes[PATTERN_SELECT_ID])
        for source in (RGB_COLOR, PRIMARY_ARRAY):
            if source in attributes:
                color = attributes[source]
                if not isinstance(color, bytes | tuple):
                    return None
                if len(color) == 3:
                    return len(set(color)) > 1
                return False if len(color) == 1 else None
        return False  # GrayLevel, NullBrush, NullPen

    def paint(self) -> None:
        """Brush and pen left their mark."""
        self._judge(self._state.brush)
        self._judge(self._state.pen)

    def paint_text(self) -> None:
        self._judge(self._state.brush)

    def cannot_tell(self) -> None:
        self._judge(None)

    def _judge(self, color: bool | None) -> None:
        if self.page is not True and color is not False:
            self.page = color

    def begin_image(self, attributes: Attributes) -> None:
        verdict = self._pixels(attributes)
        if isinstance(verdict, ImageRows):
            self.image = None if self.settled else verdict
        else:
            self._judge(verdict)

    def begin_pattern(self, attributes: Attributes) -> None:
        self._pattern = attributes.get(PATTERN_DEFINE_ID)
        verdict = self._pixels(attributes)
        if isinstance(verdict, ImageRows):
            self.image = verdict
        else:
            self._remember(verdict)

    def end_image(self) -> None:
        if self.image:
            self._judge(self.image.color)
        self.image = None

    def end_pattern(self) -> None:
        if self.image:
            self._remember(self.image.color)
        self.image = None

    def _remember(self, color: bool | None) -> None:
        if self._pattern in self._patterns or len(self._patterns) < MAX_PATTERNS:
            self._patterns[self._pattern] = color

    def _pixels(self, attributes: Attributes) -> ImageRows | bool | None:
        """Return the verdict on an image by what is said of it, or what has to look at its pixels."""
        width, depth = attributes.get(SOURCE_WIDTH), attributes.get(COLOR_DEPTH)
        mapping = attributes.get(COLOR_MAPPING)
        if self._state.space == _GRAY:
            return False
        if self._state.space not in _RGB_SPACES or not isinstance(width, int) or not isinstance(depth, int):
            return None
        if not 0 <= depth < len(_BITS):
            return None
        bits = _BITS[depth]
        if mapping == _DIRECT:
            return ImageRows(3 * width, equal_components(3, 1), self._sight) if bits == 8 else None
        if mapping != _INDEXED or self._state.palette is None:
            return None
        is_grey = palette_is_grey(self._state.palette, bits)
        if is_grey(bytes(range(256))):
            return False
        return ImageRows((width * bits + 7) // 8, is_grey, self._sight)

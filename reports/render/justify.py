"""Even right edges for Chinese text: the one place where WeasyPrint is patched.

WeasyPrint 70 justifies a line by widening its spaces, and Chinese has none. Here the room left over is shared between
the characters instead, as Chinese typesetting does; words of Latin letters and numbers are left whole. The patch is
bound to the version it was written for: on any other the text is set ragged and a warning is logged, nothing breaks.
Why it is worth having: docs/decisions/0005-report-layout.md.
"""

import logging
import re
from dataclasses import dataclass
from typing import Any

import weasyprint
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text import line_break
from weasyprint.text.ffi import TO_UNITS, ffi, pango

VERSION = "70."
# What may be moved apart: ideographs, kana, full-width forms, Chinese punctuation, and ordinary spaces
SPREADABLE = re.compile(
    "[\u2014\u2018\u2019\u201c\u201d\u2026\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff ]+"
)
WIDEST_GAP_EM = 0.22  # a line with more room than this stays ragged: better than letters far apart

log = logging.getLogger(__name__)


@dataclass
class _Spread:
    """What is handed along a line while its boxes are moved."""

    context: Any
    gap: float
    advance: float = 0
    is_line_start: bool = True


def install() -> bool:
    """Patch WeasyPrint once; return whether lines will be justified."""
    if not weasyprint.__version__.startswith(VERSION):
        log.warning("WeasyPrint %s is not %sx: Chinese text is not justified", weasyprint.__version__, VERSION)
        return False
    if inline.justify_line is not justify_line:
        inline.justify_line = justify_line
        line_break.Layout.set_text = _with_gaps(line_break.Layout.set_text)
    return True


def justify_line(context: Any, line: Any, extra_width: float) -> None:
    """Share `extra_width` (px) between the characters of a line; leave a line alone that is too empty."""
    texts = list(_texts(line))
    count = sum(len(run) for text in texts for run in SPREADABLE.findall(text))
    if not count:
        return
    # Pango drops half a gap at each end of a line
    ends = (_is_spreadable(texts[0][0]) + _is_spreadable(texts[-1][-1])) / 2
    if count <= ends:
        return
    gap = extra_width / (count - ends)
    if gap <= WIDEST_GAP_EM * line.style["font_size"]:
        _spread(line, _Spread(context, gap))


def _texts(box: Any) -> Any:
    if isinstance(box, boxes.TextBox):
        if box.text:
            yield box.text
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            if child.is_in_normal_flow():
                yield from _texts(child)


def _is_spreadable(character: str) -> bool:
    return SPREADABLE.match(character) is not None


def _spread(box: Any, state: _Spread) -> None:
    if isinstance(box, boxes.TextBox):
        _spread_text(box, state)
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.position_x += state.advance
        before = state.advance
        for child in box.children:
            if child.is_in_normal_flow():
                _spread(child, state)
        box.width += state.advance - before
    else:
        box.translate(state.advance, 0)


def _spread_text(box: Any, state: _Spread) -> None:
    if not box.text:
        box.position_x += state.advance
        return
    starts, stops = _is_spreadable(box.text[0]), _is_spreadable(box.text[-1])
    if starts and not state.is_line_start:
        state.advance += state.gap / 2
    state.is_line_start = False
    box.position_x += state.advance
    count = sum(len(run) for run in SPREADABLE.findall(box.text))
    if not count:
        return
    added = state.gap * (count - (starts + stops) / 2)
    layout = line_break.create_layout(box.text, box.style, state.context, None, 0)
    layout.deactivate()
    layout.character_gap = state.gap
    box.pango_layout = layout
    box.width += added
    state.advance += added + (state.gap / 2 if stops else 0)


def _with_gaps(set_text: Any) -> Any:
    def set_text_with_gaps(self: Any, text: str, justify: bool = False) -> None:
        set_text(self, text, justify)
        gap = getattr(self, "character_gap", 0)
        if justify and gap:
            _add_gaps(self, gap)

    return set_text_with_gaps


def _add_gaps(layout: Any, gap: float) -> None:
    base = layout.style["letter_spacing"]
    spacing = int((gap + (0 if base == "normal" else base)) * TO_UNITS)
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    position = end = 0
    for match in SPREADABLE.finditer(layout.text):
        start = position + len(layout.text[end : match.start()].encode())
        end = match.end()
        position = start + len(match.group().encode())
        attribute = pango.pango_attr_letter_spacing_new(spacing)
        attribute.start_index, attribute.end_index = start, position
        pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)

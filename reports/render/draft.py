"""The watermark 草稿 as outlines: a picture under the text, so that neither search nor copying ever meets it."""

from pathlib import Path

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

WORD = "草稿"
SIZE = 400
GLYPH = 150
SHADE = "0.07"


def watermark_svg(font_path: Path) -> bytes:
    """Return the watermark drawn with the given font, slanted upwards, on a square of its own."""
    paths = []
    with TTFont(font_path, lazy=True) as font:
        glyphs, names, units = font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm
        for index, letter in enumerate(WORD):
            pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.0f}")
            glyphs[names[ord(letter)]].draw(pen)
            paths.append(f'<path transform="translate({index * units} 0)" d="{pen.getCommands()}"/>')
    scale = GLYPH / units
    left, baseline = SIZE / 2 - GLYPH * len(WORD) / 2, SIZE / 2 + GLYPH * 0.38
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}">'
        f'<g fill="#000000" fill-opacity="{SHADE}" transform="rotate(-40 {SIZE // 2} {SIZE // 2})'
        f' translate({left:.2f} {baseline:.2f}) scale({scale:.4f} {-scale:.4f})">{"".join(paths)}</g></svg>'
    ).encode()

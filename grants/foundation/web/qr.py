"""QR codes on pages, as SVG that needs no script and no other file."""

from markupsafe import Markup


def qr_svg(text: str, title: str) -> Markup:
    """Return a QR code of a text with the title that a screen reader says; it survives a fold or a stain (level M)."""
    import segno  # when the first code is drawn

    code = segno.make(text, error="m", micro=False)
    svg = code.svg_inline(scale=4, border=2, title=title, svgclass="qr", lineclass=None, omitsize=True)
    return Markup(svg)  # noqa: S704 - made by segno, which escapes the title

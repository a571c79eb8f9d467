"""QR codes as SVG, with the title a reader of the tagged PDF hears."""

from markupsafe import Markup


def qr_svg(address: str, title: str) -> Markup:
    """Return a QR code for the address; error correction M survives a stamp over a corner."""
    import segno  # when the first code is drawn

    code = segno.make(address, error="m", micro=False)
    text = code.svg_inline(scale=4, border=2, title=title, svgclass="qr", lineclass=None, omitsize=True)
    return Markup(text)  # noqa: S704 - made by segno, which escapes the title

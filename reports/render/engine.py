"""WeasyPrint, set up once: fonts and style sheets are read at the first paper and shared by all that follow."""

import atexit
import gc
import shutil
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

with warnings.catch_warnings():
    # The missing system library it warns about is replaced by reports.render.subset
    warnings.filterwarnings("ignore", message="HarfBuzz-Subset", category=DeprecationWarning)
    import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reports.fonts import Face, faces, font_css, stacks
from reports.render import claims, justify, subset
from reports.render.draft import watermark_svg
from reports.render.settings import Kind, PaperMeta

SCHEME = "paper"
STYLES = Path(__file__).resolve().parents[1] / "styles"
SHEETS = {
    Kind.REPORT: ("report.css", "columns.css"),
    Kind.ENGLISH: ("report.css", "columns.css", "english.css"),
    Kind.WIDE: ("report.css", "columns.css", "wide.css"),
    Kind.OFFICIAL: ("official.css", "columns.css"),
    Kind.POSTER: ("poster.css", "columns.css"),
    Kind.CODES: ("codes.css",),
}
DRAFT_SHEET = "draft.css"
WATERMARK_FAMILY = "Open Hei"
MAX_DATA_URL = 4_000_000


class ClosedFetcher(URLFetcher):  # type: ignore[misc] # the library has no types
    """Hands out our own fonts and the watermark, and data: addresses; anything else is refused, local files too."""

    def __init__(self, loaded: tuple[Face, ...]) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self._fonts = {f"fonts/{index}": face.path for index, face in enumerate(loaded)}
        self._upright = next(face.path for face in loaded if face.family == WATERMARK_FAMILY)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """Return the response for one address; raise ValueError for an address that is not ours."""
        scheme, _colon, rest = url.partition(":")
        if scheme == SCHEME:
            return self._own(url, unquote(rest))
        if scheme == "data" and len(url) <= MAX_DATA_URL:
            return super().fetch(url, headers)
        raise ValueError(f"refused: {url[:80]}")

    def _own(self, url: str, name: str) -> Any:
        if name in self._fonts:
            return URLFetcherResponse(url, self._fonts[name].read_bytes(), {"Content-Type": "font/otf"})
        if name == "draft.svg":
            return URLFetcherResponse(url, watermark_svg(self._upright), {"Content-Type": "image/svg+xml"})
        raise ValueError(f"refused: {url[:80]}")


def _attachment(meta: PaperMeta, index: int) -> Any:
    attached = meta.attachments[index]
    return weasyprint.Attachment(
        file_obj=BytesIO(attached.content),
        name=attached.name,
        description=attached.description,
        created=meta.created_at,
        modified=meta.created_at,
        relationship="Source",
    )


class Engine:
    """The shared fonts and parsed style sheets of one process. One paper at a time: `pdf` takes a lock."""

    def __init__(self) -> None:
        loaded = faces()
        self.is_justified = justify.install()
        subset.install()
        self._fetcher = ClosedFetcher(loaded)
        self._fonts = FontConfiguration()
        self._font_css = weasyprint.CSS(
            string=font_css(loaded, SCHEME), font_config=self._fonts, url_fetcher=self._fetcher
        )
        self._sheets: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._is_frozen = False

    def pdf(self, html: str, meta: PaperMeta) -> bytes:
        """Lay out a page source and return the PDF."""
        with self._lock, self._no_collections():
            options: dict[str, Any] = {
                "stylesheets": self._stylesheets(meta),
                "pdf_identifier": sha256(meta.identifier.encode()).digest()[:16],
                "pdf_variant": meta.variant,
                "attachments": [_attachment(meta, index) for index in range(len(meta.attachments))],
            }
            source = weasyprint.HTML(string=html, url_fetcher=self._fetcher, base_url=f"{SCHEME}:")
            made: bytes = self._written(source, options)
        return made

    def _written(self, source: Any, options: dict[str, Any]) -> bytes:
        document = source.render(font_config=self._fonts, **options)
        if options["attachments"]:
            # The archive copy is tagged as PDF/UA-1 asks for too, and says so
            document.metadata.generate_rdf_metadata = claims.both(document.metadata.generate_rdf_metadata)
        with warnings.catch_warnings():
            # The library leaves its colour profile for the collector to close
            warnings.simplefilter("ignore", ResourceWarning)
            made: bytes = document.write_pdf(**options)
        return made

    def close(self) -> None:
        """Remove the library's copies of the fonts; it can no longer do so itself once the interpreter is closing."""
        folder, self._fonts._folder = self._fonts._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _stylesheets(self, meta: PaperMeta) -> list[Any]:
        names = (*SHEETS[meta.kind], *((DRAFT_SHEET,) if meta.draft else ()))
        return [self._font_css, *(self._sheet(name) for name in names)]

    def _sheet(self, name: str) -> Any:
        if name not in self._sheets:
            text = (STYLES / name).read_text(encoding="utf-8")
            for key, stack in stacks().items():
                text = text.replace(f"var(--{key})", stack)
            self._sheets[name] = weasyprint.CSS(
                string=text, font_config=self._fonts, url_fetcher=self._fetcher, base_url=f"{SCHEME}:"
            )
        return self._sheets[name]

    @contextmanager
    def _no_collections(self) -> Iterator[None]:
        """Keep the garbage collector out of the layout and run it once after: faster, and memory stays flat."""
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            gc.collect()
            if not self._is_frozen:
                # What is alive after the first paper is modules, fonts and styles: never garbage
                gc.freeze()
                self._is_frozen = True
            if was_enabled:
                gc.enable()


@lru_cache(maxsize=1)
def engine() -> Engine:
    """Return this process's engine, starting it at the first call. Raises FontsMissing without any Chinese font."""
    started = Engine()
    atexit.register(started.close)
    return started

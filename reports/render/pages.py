"""From a template and data to the page source: the words and figures of a paper, always escaped."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grants.foundation.money import daxie, wan, yuan
from reports.charts import Chart, svg
from reports.english.translating import EnglishChart
from reports.formatting import FILTERS
from reports.render.settings import PaperMeta

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the template environment of papers: everything escaped, and a missing value is an error, not a blank."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS, yuan=yuan, wan=wan, daxie=daxie, chart_svg=_chart_svg)
    return made


def _chart_svg(chart: Chart) -> Markup:
    # The tagged PDF takes its alternative text from the title alone
    drawn = svg(chart, full_title=True)
    return chart.worded(drawn) if isinstance(chart, EnglishChart) else drawn


def render_html(template: str, context: Mapping[str, Any], meta: PaperMeta) -> str:
    """Return the page source of `templates/reports/<template>`."""
    return environment().get_template(f"reports/{template}").render(context, meta=meta)

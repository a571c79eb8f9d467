"""Pages of the portal: home, the trace of a project, the desk, organisations, open data and checks."""

from grants.portal.views import api, desk, home, lottery, metrics, open_data, organisations, projects, verify
from grants.portal.views.blueprint import blueprint

__all__ = ["api", "blueprint", "desk", "home", "lottery", "metrics", "open_data", "organisations", "projects", "verify"]

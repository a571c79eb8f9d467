"""What the demo street needs and does: themes that grow from a need into a project with activities."""

from grants.demo.themes.charity import CHARITY
from grants.demo.themes.community import COMMUNITY
from grants.demo.themes.governance import GOVERNANCE
from grants.demo.themes.model import Theme
from grants.demo.themes.professional import PROFESSIONAL
from grants.demo.themes.volunteer import VOLUNTEER

THEMES: tuple[Theme, ...] = (*GOVERNANCE, *PROFESSIONAL, *COMMUNITY, *VOLUNTEER, *CHARITY)

__all__ = ["THEMES", "Theme"]

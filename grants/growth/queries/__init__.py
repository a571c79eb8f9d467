"""Look-ups over all rounds: what projects cost and reached, what organisations and communities have done."""

from grants.growth.queries.efficiency import ProjectFigures, ProjectsAsked, list_figures

__all__ = ["ProjectFigures", "ProjectsAsked", "list_figures"]

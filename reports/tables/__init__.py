"""Tables of papers: plain rows summed with pandas, checked to the 分, and turned into cells of text."""

from reports.tables.base import Column, DoesNotReconcile, Row, Table, reconcile

__all__ = ["Column", "DoesNotReconcile", "Row", "Table", "reconcile"]

"""What papers say: frozen dataclasses of plain data, without pandas, layout engine or database."""

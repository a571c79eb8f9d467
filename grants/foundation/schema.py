"""flask db: Flask-Migrate's own commands, which bring Alembic with them only when they are used."""

from flask_migrate import cli  # type: ignore[attr-defined] # the stubs leave it out

commands = [cli.db]

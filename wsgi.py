"""What an application server imports: `wsgi:app`."""

from config import Settings
from grants.app import create_app

app = create_app(Settings.from_env())

"""What an application server imports: `wsgi:app`."""

import gc

gc.disable()  # What is made while starting stays: looking for garbage meanwhile only takes time

from config import Settings  # noqa: E402
from grants.app import create_app  # noqa: E402

app = create_app(Settings.from_env())
gc.freeze()  # ... and afterwards no collection needs to look through it again
gc.enable()

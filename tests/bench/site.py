"""What the measured server serves: the real site, and beside it an application with one empty page."""

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from tests.bench.client import EMPTY
from wsgi import app as real

empty = Flask("empty")


@empty.get("/")
def page() -> str:
    """Answer with nothing: what any page costs before it does anything."""
    return ""


app = DispatcherMiddleware(real, {EMPTY.rstrip("/"): empty})

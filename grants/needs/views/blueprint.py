"""The blueprint that all pages of needs share."""

from flask import Blueprint

blueprint = Blueprint("needs", __name__, url_prefix="/needs")

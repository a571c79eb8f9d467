"""The blueprint that the pages of projects share; the public page of one project belongs to the portal."""

from flask import Blueprint

blueprint = Blueprint("projects", __name__, url_prefix="/projects")

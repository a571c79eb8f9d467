"""The blueprint that the pages of evaluation register with."""

from flask import Blueprint

blueprint = Blueprint("evaluation", __name__)

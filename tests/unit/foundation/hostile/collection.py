"""All hostile files."""

from tests.unit.foundation.hostile.documents import DOCUMENTS
from tests.unit.foundation.hostile.papers import PAPERS
from tests.unit.foundation.hostile.pictures import PICTURES
from tests.unit.foundation.hostile.texts import NAMES, TABLES

ALL = PICTURES + PAPERS + DOCUMENTS + TABLES + NAMES

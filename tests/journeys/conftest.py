"""The house as these tests have it."""

from tests.support import corpus
from tests.support.house import clock, house, library, put, put_service, visitor

__all__ = ["clock", "house", "library", "put", "put_service", "visitor"]

collect_ignore = [] if corpus.ROOT else ["test_imported.py"]

"""The house as these tests have it."""

from tests.support.house import clock, house, library, put, put_service, visitor

__all__ = ["clock", "house", "library", "put", "put_service", "visitor"]

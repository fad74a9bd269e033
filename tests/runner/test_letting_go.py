"""A statement that failed leaves nothing for another thread's garbage collection to wait for."""

import gc
import weakref

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from townhall.runner.views.base import Page


class Held:
    """Stands for a cursor that was never closed."""


def test_what_a_failed_statement_held_goes_in_the_thread_that_has_it():
    seen = []

    class Failing(Page):
        def get(self, request: HttpRequest) -> HttpResponse:
            cursor = Held()
            seen.append(weakref.ref(cursor))
            # As Django translates a driver's error: the frame that raises it holds it.
            failed = OperationalError("database is locked")
            raise failed

    gc.disable()
    try:
        response = Failing.as_view()(RequestFactory().get("/"))
        assert response.status_code == 503
        assert seen[0]() is None
    finally:
        gc.enable()

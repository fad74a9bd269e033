"""The door for any other WSGI server: Django's own handler, as Django makes it."""

from django.core.handlers.wsgi import WSGIHandler

from townhall.project import awake

__all__ = ["application", "awake"]

application = WSGIHandler()

"""Names the app to Django, which finds its built assets under ``static``."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The drawing of pages; it has no records."""

    name = "townhall.ui"
    label = "ui"

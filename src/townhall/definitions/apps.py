"""Names the app to Django."""

from django.apps import AppConfig


class DefinitionsConfig(AppConfig):
    """Published services."""

    name = "townhall.definitions"
    label = "definitions"

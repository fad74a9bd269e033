"""Names the app to Django."""

from django.apps import AppConfig


class RunnerConfig(AppConfig):
    """The residents' face; it has no records."""

    name = "townhall.runner"
    label = "runner"

"""Names the app to Django."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """What was deleted, and what should have been."""

    name = "townhall.retention"
    label = "retention"

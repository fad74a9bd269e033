"""Names the app to Django."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    """Drafts and submissions."""

    name = "townhall.submissions"
    label = "submissions"

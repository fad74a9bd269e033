"""Names the app to Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The record of who did what."""

    name = "townhall.audit"
    label = "audit"

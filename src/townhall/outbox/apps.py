"""Names the app to Django."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Events and their deliveries."""

    name = "townhall.outbox"
    label = "outbox"

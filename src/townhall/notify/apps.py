"""Names the app to Django."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """The senders; it has no records."""

    name = "townhall.notify"
    label = "notify"

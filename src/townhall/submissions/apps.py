"""Names the app to Django, and refuses to start with keys that would not keep anything secret."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from townhall.submissions import keys
from townhall.submissions.sealing import BadKeys


class SubmissionsConfig(AppConfig):
    """Drafts and submissions."""

    name = "townhall.submissions"
    label = "submissions"

    def ready(self) -> None:
        """Refuse keys that cannot be read, and a known one where other people can reach us."""
        try:
            safe = keys.ring().safe
            keys.address_keys()
        except BadKeys as fault:
            raise ImproperlyConfigured(f"TOWNHALL_KEYS or TOWNHALL_ADDRESS_KEYS: {fault}") from None
        if settings.BEYOND_LOOPBACK and not safe:
            raise ImproperlyConfigured("Set TOWNHALL_KEYS: everyone knows the demonstration key.")

"""The JSON Schema of what a service's webhook is sent, published for each version."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from townhall.definitions import queries as definitions
from townhall.runner.fittings import installed
from townhall.runner.views.base import Page
from townhall.submissions.schema import schema_of


class Schema(Page):
    """What a council system that takes webhooks validates against; it holds no answer."""

    def get(self, request: HttpRequest, service: str) -> HttpResponse:
        """Give the live version's, or that of ``?version=`` (a hash, as in the webhook)."""
        live = definitions.live(service, installed().clock())
        wanted = request.GET.get("version", live.form.version if live else "")
        if live is None or wanted not in definitions.versions(service):
            raise Http404
        schema = schema_of(definitions.version_form(wanted))
        return JsonResponse(schema, content_type="application/schema+json")

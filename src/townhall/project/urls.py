"""One list: where each app's doors are."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"townhall.{face}.urls"))
    for face in ("runner",)
    if find_spec(f"townhall.{face}") and find_spec(f"townhall.{face}.urls")
]
handler400 = "townhall.runner.views.faults.unreadable"
handler403 = "townhall.runner.views.faults.forbidden"
handler404 = "townhall.runner.views.faults.not_found"
handler500 = "townhall.runner.views.faults.broken"

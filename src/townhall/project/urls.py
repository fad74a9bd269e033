"""One list: where each app's doors are."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"townhall.{face}.urls"))
    for face in ("runner",)
    if find_spec(f"townhall.{face}") and find_spec(f"townhall.{face}.urls")
]

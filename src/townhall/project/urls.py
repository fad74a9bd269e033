"""One list: where each app's doors are."""

from django.urls import include, path

urlpatterns = [path("", include("townhall.runner.urls"))]
handler400 = "townhall.runner.views.faults.unreadable"
handler403 = "townhall.runner.views.faults.forbidden"
handler404 = "townhall.project.slashes.not_found"
handler500 = "townhall.runner.views.faults.broken"

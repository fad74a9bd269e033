"""Every address that residents meet. A service's own pages never have the names used here."""

from django.urls import path

from townhall.runner.views.home import Home, Start
from townhall.runner.views.idle import Continue, Leave, Left, TimeOut
from townhall.runner.views.schema import Schema
from townhall.runner.views.sending import CheckAnswers, Confirmation
from townhall.runner.views.statements import Accessibility, Cookies, Language, Privacy, Theme
from townhall.runner.views.steps import StepPage

app_name = "runner"
urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("theme.css", Theme.as_view(), name="theme"),
    path("accessibility", Accessibility.as_view(), name="accessibility"),
    path("cookies", Cookies.as_view(), name="cookies"),
    path("language", Language.as_view(), name="language"),
    path("leave", Leave.as_view(), name="leave"),
    path("left", Left.as_view(), name="left"),
    path("<slug:service>", Start.as_view(), name="start"),
    path("<slug:service>/schema.json", Schema.as_view(), name="schema"),
    path("<slug:service>/privacy", Privacy.as_view(), name="privacy"),
    path("<slug:service>/check-answers", CheckAnswers.as_view(), name="check"),
    path("<slug:service>/confirmation", Confirmation.as_view(), name="confirmation"),
    path("<slug:service>/time-out", TimeOut.as_view(), name="time-out"),
    path("<slug:service>/continue", Continue.as_view(), name="continue"),
    path("<slug:service>/<slug:name>", StepPage.as_view(), name="step"),
    path("<slug:service>/<slug:name>/<slug:item>", StepPage.as_view(), name="item"),
]

"""The pages that belong to no service: the way in, the statements, and each honest refusal."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import RequestFactory

from tests.support.accessibility.recorder import OWN_HEADERS, Recorder
from tests.support.accessibility.states import State
from townhall.runner.ends import busy_view, stopped_view, unpriced_view
from townhall.runner.frames import frame_for
from townhall.runner.views import base, faults

SITE = "site"
PLAIN = {
    "home": "/",
    "accessibility statement": "/accessibility",
    "cookies": "/cookies",
    "nothing to leave": "/leave",
    "not found": "/no-such-service",
}


def site_states(address: str, service: str) -> list[State]:
    """Every state of the site itself; ``service`` is one that anyone may begin."""
    with Recorder(address, SITE) as at:
        for name, path in PLAIN.items():
            at.open(path).keep(name)
        at.start(service)
        begun = at.path
        at.open("/leave").keep("leave")
        at.open(begun).send({"csrfmiddlewaretoken": "0" * 32, "kept": "yes"}).keep("not proven")
        at.open(begun)
        token = at.page.select_one("[name=csrfmiddlewaretoken]")
        assert token is not None
        at.post("/accessibility", {"csrfmiddlewaretoken": token["value"]}).keep("wrong method")
        at.post(begun, f"csrfmiddlewaretoken={token['value']}&due=%ff".encode()).keep("not text")
        at.client.cookies.delete(draft := f"townhall_draft_{service}")
        at.client.cookies.set(draft, "0" * 43)
        at.open(begun).keep("lost")
        return [*at.states.values(), _left(address, service), *_faults(at)]


def _left(address: str, service: str) -> State:
    with Recorder(address, SITE) as at:
        at.start(service).open("/leave").send(form="main form[action='/leave']")
        return at.keep("left")


def _faults(at: Recorder) -> list[State]:
    """The pages of a server in trouble, drawn here: a test cannot ask a sound server for them."""
    assert at.response is not None
    request = RequestFactory().get("/missed-bin", headers={"host": "127.0.0.1"})
    frame = frame_for(request)
    fields = [("due", "today")]
    drawn: dict[str, HttpResponse] = {
        "broken": faults.broken(request),
        "forbidden": faults.forbidden(request, PermissionError()),
        "busy": base.page(busy_view(frame, "/missed-bin/when-due", fields), status=503),
        "unpriced": base.page(unpriced_view(frame, "/missed-bin/check-answers"), status=503),
        "stopped": base.page(stopped_view(frame, "It asked the wrong thing."), status=410),
    }
    headers = {k: v for k, v in at.response.headers.items() if k not in OWN_HEADERS}
    return [
        State(SITE, name, f"/{name}", one.status_code, headers, bytes(one.content))
        for name, one in drawn.items()
    ]

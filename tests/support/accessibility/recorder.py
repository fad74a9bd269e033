"""Someone at a browser without JavaScript, over real HTTP, who keeps each page as it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urljoin, urlsplit

import httpx
from bs4 import BeautifulSoup

from tests.support.accessibility.states import State
from tests.support.visitor import FORM, held

PATIENCE = 60.0
MOST_REDIRECTS = 10
# A browser is told these by its own server.
OWN_HEADERS = {
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "connection",
    "set-cookie",
}


class Recorder:
    """One browser's cookies, the page that it shows, and the states kept so far."""

    def __init__(self, address: str, service: str) -> None:
        self.address = address
        self.service = service
        self.client = httpx.Client(base_url=address, timeout=PATIENCE)
        self.states: dict[str, State] = {}
        self.response: httpx.Response | None = None
        self.page = BeautifulSoup("", "html.parser")

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    @property
    def path(self) -> str:
        """Where the page is, as the person's browser shows it."""
        assert self.response is not None
        return urlsplit(str(self.response.url)).path

    @property
    def failed(self) -> bool:
        """Whether something must be put right."""
        return self.page.select_one(".govuk-error-summary") is not None

    def open(self, path: str) -> Recorder:
        """Open an address and follow where it leads."""
        return self._arrive(self.client.get(path))

    def send(
        self, answers: Mapping[str, object] | None = None, *, form: str = "form#page-form"
    ) -> Recorder:
        """Press a form's button with what it holds and these answers; None leaves one out."""
        found = self.page.select_one(form)
        assert found is not None, f"no {form} on {self.path}"
        data = {**held(found), **(answers or {})}
        kept = {name: value for name, value in data.items() if value is not None}
        return self.post(str(found["action"]), kept)

    def post(self, path: str, data: Mapping[str, object] | bytes) -> Recorder:
        """Send a form's fields, or bytes that no form of ours would send."""
        body = data if isinstance(data, bytes) else urlencode(data, doseq=True).encode()
        headers = {"Content-Type": FORM, "Origin": self.address}
        return self._arrive(self.client.post(path, content=body, headers=headers))

    def start(self, service: str) -> Recorder:
        """Press Start now."""
        return self.open(f"/{service}").send(form=f"main form[action='/{service}']")

    def keep(self, name: str) -> State:
        """Keep the page as it is now; a name that is taken by another shape gets a number."""
        assert self.response is not None
        headers = {
            key: value for key, value in self.response.headers.items() if key not in OWN_HEADERS
        }
        made = State(
            self.service, name, self.path, self.response.status_code, headers, self.response.content
        )
        return self._keep_under(made, name)

    def _keep_under(self, made: State, name: str) -> State:
        for number in range(1, 100):
            known = self.states.get(made.name)
            if known is None or known.shape == made.shape:
                return self.states.setdefault(made.name, made)
            made = State(
                made.service,
                f"{name} ({number + 1})",
                made.path,
                made.status,
                made.headers,
                made.body,
            )
        raise AssertionError(f"too many states of {name}")

    def _arrive(self, response: httpx.Response) -> Recorder:
        for _ in range(MOST_REDIRECTS):
            if response.status_code not in (302, 303):
                break
            path = urljoin(str(response.url), response.headers["Location"]).partition("#")[0]
            response = self.client.get(path)
        self.response = response
        self.page = BeautifulSoup(response.text, "html.parser")
        return self

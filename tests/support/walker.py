"""Someone at a browser without JavaScript, over real HTTP, whichever machine answers."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urljoin, urlsplit

import httpx
from bs4 import BeautifulSoup

from tests.support.visitor import FORM, held

PATIENCE = 30.0


class Busy(Exception):
    """503: what was sent is to be sent again."""


class Walker:
    """One browser: its cookies, the page it shows, and the machine that it asks next."""

    def __init__(self, address: str, cookies: Mapping[str, str] | None = None) -> None:
        self.address = address
        # A connection for each request: the next one may be to another machine.
        limits = httpx.Limits(max_keepalive_connections=0)
        self.client = httpx.Client(timeout=PATIENCE, limits=limits, cookies=dict(cookies or {}))
        self.page = BeautifulSoup("", "html.parser")
        self.path = ""

    def open(self, path: str) -> Walker:
        """Open an address and follow where it leads."""
        return self._arrive(self.client.get(urljoin(self.address, path)))

    def start(self, service: str) -> Walker:
        """Press Start now."""
        return self.open(f"/{service}").send({}, form=f"main form[action='/{service}']")

    def send(self, answers: Mapping[str, object], *, form: str = "form#page-form") -> Walker:
        """Press the button of the page's form, with what it holds and these answers."""
        found = self.page.select_one(form)
        assert found is not None, f"no {form} on {self.path}: {self.text[:200]}"
        body = urlencode({**held(found), **answers}, doseq=True)
        headers = {"Content-Type": FORM, "Origin": self.address}
        url = urljoin(self.address, str(found["action"]))
        return self._arrive(self.client.post(url, content=body, headers=headers))

    def answer(self, answers: Mapping[str, object]) -> Walker:
        """Answer as many of the page's questions as these answers have, and go on."""
        asked = {str(field["name"]) for field in self.page.select("#page-form [name]")}
        return self.send({name: value for name, value in answers.items() if name in asked})

    def walk(self, answers: Mapping[str, object], until: str) -> Walker:
        """Answer page after page until a path that ends so."""
        for _ in range(40):
            if self.path.endswith(until):
                return self
            before = self.path
            self.answer(answers)
            assert self.path != before, f"no way on from {before}: {self.errors}"
        raise AssertionError(f"never came to {until}")

    @property
    def heading(self) -> str:
        """The page's h1."""
        return " ".join(self.page.h1.get_text().split()) if self.page.h1 else ""

    @property
    def errors(self) -> list[str]:
        """What the error summary says."""
        return [link.get_text(strip=True) for link in self.page.select(".govuk-error-summary a")]

    @property
    def text(self) -> str:
        """Every word of the page."""
        return " ".join(self.page.get_text(" ").split())

    @property
    def reference(self) -> str:
        """The reference that a confirmation shows."""
        found = self.page.select_one("#reference")
        assert found is not None, self.text
        return found.get_text(strip=True)

    def _arrive(self, response: httpx.Response) -> Walker:
        for _ in range(10):
            if response.status_code not in (302, 303):
                break
            path = response.headers["Location"].partition("#")[0]
            response = self.client.get(urljoin(self.address, path))
        if response.status_code == 503:
            raise Busy(self.path)
        assert response.status_code == 200, f"{response.url}: {response.status_code}"
        self.page = BeautifulSoup(response.text, "html.parser")
        self.path = urlsplit(str(response.url)).path
        return self

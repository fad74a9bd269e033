"""Someone at a browser without JavaScript: opens addresses, fills in forms, presses buttons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from bs4 import BeautifulSoup, Tag
from django.test import Client

from tests.support.pages import check_page, controls

FORM = "application/x-www-form-urlencoded"


class Visitor:
    """One browser: its cookies, and the page that it shows now. CSRF is enforced."""

    def __init__(self, *, secure: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.secure = secure
        self.page = BeautifulSoup("", "html.parser")
        self.path = ""
        self.status = 0

    def open(self, path: str, *, status: int = 200) -> BeautifulSoup:
        """Open an address, follow redirects and check the page that comes."""
        return self._arrive(self.client.get(path, secure=self.secure), path, status)

    def send(
        self,
        answers: Mapping[str, object] | None = None,
        *,
        form: str = "form#page-form",
        status: int = 200,
    ) -> BeautifulSoup:
        """Press a form's button with what it holds and ``answers`` (None leaves one out)."""
        found = self.page.select_one(form)
        assert found is not None, f"no {form} on {self.path}"
        data = {**held(found), **(answers or {})}
        data = {name: value for name, value in data.items() if value is not None}
        path = found["action"]
        origin = {"Origin": f"{'https' if self.secure else 'http'}://testserver"}
        response = self.client.post(
            path, urlencode(data, doseq=True), FORM, secure=self.secure, headers=origin
        )
        return self._arrive(response, path, status)

    def start(self, service: str) -> BeautifulSoup:
        """Press Start now."""
        self.open(f"/{service}")
        return self.send(form=f"main form[action='/{service}']")

    def leave(self) -> BeautifulSoup:
        """Press Leave and clear my answers from this computer."""
        return self.send(form="form[action='/leave']")

    def follow(self, words: str) -> BeautifulSoup:
        """Follow the first link that holds these words."""
        link = next(a for a in self.page.select("a[href]") if words in " ".join(a.text.split()))
        return self.open(link["href"].partition("#")[0])

    @property
    def heading(self) -> str:
        """The page's h1."""
        return " ".join(self.page.h1.get_text().split())

    @property
    def title(self) -> str:
        """The document's title."""
        return " ".join(self.page.title.get_text().split())

    @property
    def text(self) -> str:
        """Every word of the page."""
        return re.sub(r" ([,.])", r"\1", " ".join(self.page.get_text(" ").split()))

    @property
    def errors(self) -> list[tuple[str, str]]:
        """The error summary: (message, where it links)."""
        links = self.page.select(".govuk-error-summary__list a")
        return [(" ".join(link.text.split()), link["href"]) for link in links]

    def value(self, name: str) -> str | None:
        """What stands in a box."""
        return held(self.page.select_one("form#page-form")).get(name)

    def _arrive(self, response: object, path: str, status: int) -> BeautifulSoup:
        for _ in range(10):
            if response.status_code not in (302, 303):
                break
            path = response.headers["Location"]
            assert path.startswith("/"), f"an open redirect to {path}"
            response = self.client.get(path.partition("#")[0], secure=self.secure)
        assert response.status_code == status, f"{path}: {response.status_code}"
        assert response.headers["Cache-Control"] == "no-store"
        self.page, self.path, self.status = check_page(response.text), path, response.status_code
        return self.page


def held(form: Tag) -> dict[str, object]:
    """What a browser would send with a form as it stands."""
    data: dict[str, object] = {}
    for control in controls(form, "input[name], textarea[name], select[name]"):
        kind, name = control.get("type"), control["name"]
        if kind in ("radio", "checkbox"):
            if control.has_attr("checked"):
                data.setdefault(name, []).append(control["value"])
        elif control.name == "textarea":
            data[name] = control.get_text().removeprefix("\n")
        elif control.name == "select":
            chosen = control.select_one("option[selected]")
            data[name] = chosen["value"] if chosen else ""
        else:
            data[name] = control.get("value", "")
    return data

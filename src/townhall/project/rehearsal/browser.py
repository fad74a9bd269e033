"""A browser without script: cookies, redirects, and the page that it shows."""

from urllib.parse import urlencode

import httpx

from townhall.project.rehearsal.pages import Fields, Form, Page

PATIENCE = 30.0
FORM = "application/x-www-form-urlencoded"


class Browser:
    """Speaks HTTP with one server; every page and every form goes over the wire."""

    def __init__(self, address: str) -> None:
        # No proxy of the environment stands between us and our own server.
        self._client = httpx.Client(
            base_url=address, timeout=PATIENCE, follow_redirects=True, trust_env=False
        )
        self._origin = {"Origin": address}

    def forget(self) -> None:
        """Be somebody else's: no cookie is left."""
        self._client.cookies.clear()

    def open(self, path: str) -> Page:
        """Open an address, and follow where it leads."""
        return _read(self._client.get(path))

    def send(self, form: Form, answers: Fields) -> Page:
        """Press a form's button, with what it holds and these answers in place of their boxes'."""
        body = urlencode({**form.held, **answers}, doseq=True)
        headers = {"Content-Type": FORM, **self._origin}
        return _read(self._client.post(form.action, content=body, headers=headers))

    def close(self) -> None:
        """Close it."""
        self._client.close()


def _read(response: httpx.Response) -> Page:
    return Page.read(response.url.path, response.status_code, response.text)

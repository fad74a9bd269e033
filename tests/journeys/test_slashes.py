"""An address that was typed with a slash at its end."""

import pytest
from django.test import Client


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("/missed-bin/", "/missed-bin"),
        ("/missed-bin/?from=poster&q=%2F", "/missed-bin?from=poster&q=%2F"),
        ("/missed-bin/privacy/", "/missed-bin/privacy"),
        ("/cookies/", "/cookies"),
        ("/missed-bin/?q=%0d%0aX-Evil:1", "/missed-bin?q=%0d%0aX-Evil:1"),
    ],
)
def test_it_leads_to_the_one_without_with_its_query(method, path, leads, house):
    answer = Client().generic(method, path)
    assert (answer.status_code, answer.headers["Location"]) == (301, leads)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "///evil.example//",
        "/\\evil.example/",
        "/\t/evil.example/",
        "/https://evil.example/",
        "/missed-bin//",
        "/a/b/c/d/",
        "/missed.bin/",
    ],
)
def test_what_is_no_address_of_ours_leads_nowhere(path, house):
    # Given as a path, the client would take what follows two slashes for a host.
    answer = Client().generic("GET", "/", PATH_INFO=path)
    assert answer.status_code == 404
    assert "Location" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_was_sent_there_is_not_sent_again(method, house):
    assert Client().generic(method, "/missed-bin/").status_code == 404


@pytest.mark.parametrize(
    ("path", "query"),
    [("/missed-bin/", "q=" + "a" * 17_000), ("/" + "a" * 20_000 + "/", "")],
    ids=["query", "path"],
)
def test_what_is_too_long_for_a_redirect_is_not_found(path, query, house):
    answer = Client(raise_request_exception=False).generic("GET", path, QUERY_STRING=query)
    assert answer.status_code == 404

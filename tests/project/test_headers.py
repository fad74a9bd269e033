"""What every answer tells a browser."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from townhall.project.headers import HEADERS, security_headers


@pytest.fixture
def answer():
    def give(response=None):
        return security_headers(lambda request: response or HttpResponse("x"))(
            RequestFactory().get("/")
        )

    return give


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_each_header_is_sent(answer, name):
    assert answer().headers[name] == HEADERS[name]


def test_nothing_from_elsewhere_may_be_loaded_and_nothing_inline_may_run(answer):
    policy = answer().headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy


def test_a_view_may_say_how_long_its_answer_keeps(answer):
    kept = HttpResponse("x", headers={"Cache-Control": "max-age=60"})
    assert answer(kept).headers["Cache-Control"] == "max-age=60"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 301),
        ("/static/townhall/none.css", 301),
        ("/health/live", 200),
        ("/metrics", 200),
    ],
)
@override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["forms.example"])
def test_an_answer_that_no_page_of_ours_makes_carries_them_too(path, status):
    response = Client(headers={"Host": "forms.example"}).get(path)
    assert response.status_code == status
    assert {name: response.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.django_db
@override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31_536_000)
def test_over_tls_a_browser_is_told_to_stay_there():
    response = Client().get("/static/townhall/manifest.json", secure=True)
    response.close()
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert response.headers["Cache-Control"] != "no-store"

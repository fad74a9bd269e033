"""The addresses that Townhall takes for itself are those that no service or page may have."""

from tests.support.definitions import TODAY
from tests.support.house import SERVICES

from townhall.engine.model import RESERVED_PAGES, RESERVED_SERVICES
from townhall.proof.check import check
from townhall.runner.urls import urlpatterns

ROUTES = [str(pattern.pattern) for pattern in urlpatterns]
OURS = {route for route in ROUTES if "<" not in route and "." not in route} - {""}
INSIDE = {route.removeprefix("<slug:service>/") for route in ROUTES if route.count("<") == 1}


def test_no_service_may_have_an_address_of_the_sites_own():
    assert OURS <= RESERVED_SERVICES


def test_no_page_may_have_an_address_of_a_services_own():
    assert {name for name in INSIDE if not set(name) & set("<>.")} <= RESERVED_PAGES


def test_check_says_so(library, tmp_path):
    text = (SERVICES / "missed-bin.yaml").read_text("utf-8")
    file = tmp_path / "cookies.yaml"
    file.write_text(text.replace("service: missed-bin", "service: cookies"), "utf-8")
    found = [fault for fault in check(file, library, today=TODAY) if fault.code == "reserved-page"]
    assert [fault.where.path for fault in found] == [("service",)]

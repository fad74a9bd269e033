"""The webhook's schema is at the service's own address, for each version."""

import json

import pytest
from tests.support.records import definition, put_live

from townhall.submissions.schema import schema_of

pytestmark = pytest.mark.django_db


def get(client, version=None):
    response = client.get("/a-service/schema.json", {"version": version} if version else {})
    return response.status_code, response.content


def test_each_version_has_its_own(client):
    old, new = put_live(definition(title="Old")), put_live(definition(title="New"))
    assert json.loads(get(client)[1]) == schema_of(new)
    assert json.loads(get(client, old.version)[1]) == schema_of(old)


def test_another_service_s_version_is_not_there(client):
    put_live()
    other = put_live(definition(service="other"))
    assert get(client, other.version)[0] == 404
    assert get(client, "0" * 64)[0] == 404
    assert client.get("/none/schema.json").status_code == 404

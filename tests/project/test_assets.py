"""A built asset's plain name leads to a file that may be kept for ever."""

import re

from django.conf import settings
from django.templatetags.static import static

from townhall.ui.assets import built_names


def test_a_plain_name_leads_to_a_hashed_one():
    assert re.fullmatch(
        r"/static/townhall/townhall-[0-9a-f]{8}\.css", static("townhall/townhall.css")
    )


def test_every_built_name_is_one_that_browsers_may_keep_for_ever():
    assert built_names()
    for name in built_names().values():
        assert re.match(settings.WHITENOISE_IMMUTABLE_FILE_TEST, f"/static/{name}")


def test_an_asset_is_sent_compressed_and_kept(client):
    answer = client.get(static("townhall/townhall.css"), headers={"accept-encoding": "br, gzip"})
    assert b"".join(answer.streaming_content)
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]

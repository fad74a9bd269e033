"""What stands around a page is made once for as long as the council, help and language are."""

from django.test import RequestFactory
from tests.support.definitions import form_of, page

from townhall.engine.model import Help
from townhall.runner import fittings
from townhall.runner.cookies import LANGUAGE
from townhall.runner.frames import frame_for

BOTH = ["en", "cy"]


def form(**more):
    return form_of([page("one", {"id": "q", "ask": "What?", "type": "text"})], **more)


def site(form=None, language=""):
    request = RequestFactory().get("/here")
    request.COOKIES[LANGUAGE] = language
    return frame_for(request, form).site


def test_services_with_the_same_help_share_one_site_and_others_have_their_own():
    ours = site(form(languages=BOTH))
    assert site(form(languages=BOTH, service="b-service")) is ours
    assert site(form(languages=BOTH, help={"phone": "01632 960999"})).help.phone == "01632 960999"
    assert site(form(languages=BOTH), "cy").language == "cy"
    assert site(form(languages=BOTH), "de").language == "en"
    assert site(form(), "cy").language == "en"
    assert (site(language="cy").language, site().languages) == ("cy", ("en",))


def test_another_council_or_a_rehearsal_is_another_site(library, clock, settings):
    made = form()
    ours = site(made)
    settings.REHEARSAL = not settings.REHEARSAL
    assert site(made).rehearsal is not ours.rehearsal
    settings.REHEARSAL = not settings.REHEARSAL
    other = library.council.model_copy(update={"help": Help(phone="01632 960111")})
    fittings.install(fittings.Fittings(clock, lambda: other, lambda: library.fees))
    assert site(made).council is other
    assert site(made).help.phone == "01632 960111"

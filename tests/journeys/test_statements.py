"""The privacy notice, the accessibility statement and the cookies page say what is so."""

import pytest
from tests.support.definitions import PRIVACY, define, page

from townhall.runner import fittings

PAGES = [page("one", {"id": "name", "ask": "Your name", "type": "name"})]


def put_with(put, **privacy):
    return put(define(PAGES, privacy={**PRIVACY, **privacy}, deliver=[{"to": "waste-inbox"}]))


@pytest.fixture
def council(house):
    return fittings.installed().council()


def test_the_notice_names_everyone_and_everything(put, visitor, council):
    visitor.open(f"/{put_with(put, consequence='We cannot come.')}/privacy")
    for said in (
        council.controller.name,
        council.dpo.email,
        "To deal with your report",
        "public task (UK GDPR Article 6)",
        "Environmental Protection Act 1990",
        "your name, address or how to contact you",
        "We cannot come.",
        council.destinations["waste-inbox"].recipient,
        council.processors[0].name,
        "United Kingdom",
        "we keep them for 2 years",
        "Information Commissioner’s Office",
        "0303 123 1113",
        council.complaints,
    ):
        assert said in visitor.text, said


def test_whoever_can_be_written_to_or_called_is_a_link_away(put, visitor, council):
    visitor.open(f"/{put_with(put)}/privacy")
    assert visitor.page.main.select_one(f"a[href='mailto:{council.dpo.email}']")
    visitor.open("/accessibility")
    contact = council.accessibility.contact_phone or council.help.phone
    assert visitor.page.main.select_one(f"li a[href='tel:{contact.replace(' ', '')}']")


def test_the_notice_names_an_address_that_is_no_registered_destination(put, visitor):
    to = [{"to": "bins@elmbridge-vale.example"}, {"to": "https://127.0.0.1/hook?key=x"}]
    visitor.open(f"/{put(define(PAGES, privacy=PRIVACY, deliver=to))}/privacy")
    points = [point.text.strip() for point in visitor.page.main.select("li")]
    assert "bins@elmbridge-vale.example" in points
    assert "127.0.0.1" in points
    assert "key=x" not in visitor.text


@pytest.mark.parametrize(
    ("basis", "given", "withheld"),
    [
        ("public task", "to object", "to ask us to delete it"),
        ("consent", "withdraw your consent", "to object"),
        ("contract", "take elsewhere", "to object"),
        ("legal obligation", "to ask us to correct", "to ask us to delete it"),
        ("vital interests", "to ask us to delete it", "to object"),
        ("legitimate interests", "to object", "take elsewhere"),
    ],
)
def test_only_the_rights_that_the_basis_gives(put, visitor, basis, given, withheld):
    visitor.open(f"/{put_with(put, basis=basis)}/privacy")
    assert given in visitor.text
    assert withheld not in visitor.text


def test_sensitive_conditions_are_named_where_there_are_any(put, visitor):
    visitor.open(f"/{put_with(put, article9='Article 9(2)(g)', schedule1='paragraph 6')}/privacy")
    assert "Article 9(2)(g)" in visitor.text
    assert "paragraph 6" in visitor.text


def told(visitor):
    """What the notice says that people are asked for."""
    heading = visitor.page.main.find("h2", string="What we ask for")
    return [point.text.strip() for point in heading.find_next("ul").select("li")]


def test_only_what_people_write_is_called_their_own_words(put, visitor):
    need = {"id": "need", "ask": "Why?", "options": ["Health", "Room"], "personal": ["special"]}
    chosen, written = {**need, "type": "radios"}, {"id": "why", "ask": "Why?", "type": "text"}
    visitor.open(f"/{put(define([page('one', chosen)], privacy=PRIVACY))}/privacy")
    assert told(visitor) == ["sensitive information, for example about your health"]
    pages = [page("one", chosen), page("two", written)]
    visitor.open(f"/{put(define(pages, privacy=PRIVACY))}/privacy")
    assert told(visitor)[0] == "sensitive information, for example about your health"
    assert told(visitor)[1].startswith("what you tell us in your own words")


def test_somebody_else_s_number_plate_is_not_said_to_identify_whoever_reports_it(
    put_service, visitor
):
    visitor.open(f"/{put_service('abandoned-vehicle')}/privacy")
    assert "information about other people" in told(visitor)
    assert not [point for point in told(visitor) if "identify you" in point]


def test_a_computers_decision_is_told_with_the_right_to_a_person(put, visitor):
    visitor.open(f"/{put_with(put, automated='A score decides.')}/privacy")
    assert "A score decides." in visitor.text
    assert "not to be subject to a decision made by a computer alone" in visitor.text


def test_a_service_for_the_young_speaks_to_them(put, visitor):
    visitor.open(f"/{put(define(PAGES, privacy=PRIVACY, audience={'under_18': True}))}/privacy")
    headings = [heading.text for heading in visitor.page.main.select("h2")]
    assert headings[:2] == ["If you are under 18", "Who is responsible for it"]
    assert "We use them for this: To deal with your report." in visitor.text
    assert "ask an adult you trust" in visitor.text
    visitor.open(f"/{put(define(PAGES, privacy=PRIVACY))}/privacy")
    assert "If you are under 18" not in visitor.text


def test_the_start_page_links_to_the_notice(put, visitor):
    visitor.open(f"/{put_with(put)}")
    visitor.follow("Read how we use your information")
    assert visitor.heading == "How we use your information"


def test_accessibility_is_not_yet_assessed_until_a_person_says_so(visitor, council, monkeypatch):
    visitor.open("/accessibility")
    assert "The status of this website is: not yet assessed." in visitor.text
    assert "(EHRC) is responsible for enforcing the Public Sector Bodies" in visitor.text
    for claim in ({}, {"set_by": "Jo Bloggs"}, {"tested": "1 May 2026"}):
        said = {"status": "fully compliant", **claim}
        claimed = council.accessibility.model_copy(update=said)
        use(monkeypatch, council.model_copy(update={"accessibility": claimed}))
        visitor.open("/accessibility")
        assert "The status of this website is: not yet assessed." in visitor.text
        assert "fully compliant" not in visitor.text
        assert "Jo Bloggs" not in visitor.text


def test_accessibility_as_a_named_person_set_it(visitor, council, monkeypatch):
    said = {
        "status": "partially compliant",
        "set_by": "Jo Bloggs",
        "tested": "1 May 2026",
        "known_problems": ("The back link stands outside a landmark.",),
    }
    accessibility = council.accessibility.model_copy(update=said)
    use(monkeypatch, council.model_copy(update={"accessibility": accessibility}))
    visitor.open("/accessibility")
    for words in ("partially compliant with the Web", "Jo Bloggs", "1 May 2026"):
        assert words in visitor.text


def test_what_is_not_accessible_stands_under_the_headings_that_the_law_words(
    visitor, council, monkeypatch
):
    problems = ("The back link stands outside a landmark.",)
    known = council.accessibility.model_copy(update={"known_problems": problems})
    visitor.open("/accessibility")
    assert "Non-accessible content" not in visitor.text
    use(monkeypatch, council.model_copy(update={"accessibility": known}))
    visitor.open("/accessibility")
    heading = visitor.page.main.find("h3")
    assert heading.text == "Non-compliance with the accessibility regulations"
    assert heading.find_previous("h2").text == "Non-accessible content"
    reasons = "The content listed below is non-accessible for the following reasons."
    assert heading.find_previous("p").text == reasons
    assert [point.text for point in heading.find_next("ul").select("li")] == list(problems)


def test_the_statement_keeps_the_words_of_the_uk_s_model(visitor):
    visitor.open("/accessibility")
    law = (
        "the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility"
        " Regulations 2018"
    )
    for words in (
        f"is committed to making its website accessible, in accordance with {law}.",
        f"The Equality and Human Rights Commission (EHRC) is responsible for enforcing {law}",
        "contact the Equality Advisory and Support Service (EASS).",
    ):
        assert words in visitor.text
    headings = [heading.text for heading in visitor.page.main.select("h2")]
    assert headings == [
        "How accessible this website is",
        "Feedback and contact information",
        "Enforcement procedure",
        "Technical information about this website’s accessibility",
        "Compliance status",
        "Preparation of this accessibility statement",
    ]


def use(monkeypatch, council):
    before = fittings.installed()
    changed = fittings.Fittings(before.clock, lambda: council, before.fees)
    monkeypatch.setattr(fittings, "_installed", [changed])


def test_every_cookie_that_is_set_is_named(put, visitor):
    visitor.start(put_with(put))
    visitor.open("/cookies")
    for name in visitor.client.cookies:
        assert name.replace("a-service", "…") in visitor.text


def test_the_theme_is_a_stylesheet_of_the_councils_colours(visitor, council):
    visitor.open("/")
    address = visitor.page.select_one("link[href^='/theme.css']")["href"]
    reply = visitor.client.get(address)
    assert reply.headers["Content-Type"].startswith("text/css")
    assert "immutable" in reply.headers["Cache-Control"]
    assert f"--th-brand: {council.theme.brand};" in reply.text


def test_a_phase_banner_only_with_somewhere_to_give_feedback(visitor, council, monkeypatch):
    use(monkeypatch, council.model_copy(update={"phase": "beta", "feedback": None}))
    visitor.open("/")
    assert not visitor.page.select(".govuk-phase-banner")
    feedback = "mailto:web@borough.example"
    use(monkeypatch, council.model_copy(update={"phase": "beta", "feedback": feedback}))
    visitor.open("/")
    assert visitor.page.select_one(".govuk-phase-banner a")["href"] == feedback


def test_outside_a_demonstration_there_is_no_banner_and_home_may_be_found(
    visitor, council, monkeypatch, put
):
    use(monkeypatch, council.model_copy(update={"demonstration": False}))
    html = visitor.client.get("/").text
    assert "Demonstration" not in html
    assert "noindex" not in html
    slug = put_with(put)
    assert "noindex" not in visitor.client.get(f"/{slug}").text
    assert "noindex" in visitor.client.get("/nothing").text


def test_urgent_stands_before_the_way_in(put, visitor):
    urgent = {"text": "If someone is in danger, do not wait.", "phone": "999"}
    visitor.open(f"/{put(define(PAGES, urgent=urgent))}")
    html = str(visitor.page.main)
    assert html.index("do not wait") < html.index("Start now")
    assert visitor.page.select_one(".th-urgent a")["href"] == "tel:999"


def test_a_services_own_help_stands_over_the_councils(put, visitor):
    visitor.open(f"/{put(define(PAGES, help={'phone': '01632 960777'}))}")
    block = visitor.page.select_one("#help").text
    assert "01632 960777" in block
    assert "help@elmbridge-vale.example" in block

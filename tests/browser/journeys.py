"""The journeys through the three services, as fields and what is put in them."""

from dataclasses import dataclass

Answers = dict[str, str | list[str]]


@dataclass(frozen=True)
class Step:
    """One page: what is answered, and whether it is refused when nothing is."""

    page: str
    answers: Answers
    needed: bool = True


@dataclass(frozen=True)
class Journey:
    service: str
    steps: tuple[Step, ...]
    shown: tuple[str, ...]


MISSED_BIN = Journey(
    "missed-bin",
    (
        Step("when-due", {"due": "recent"}),
        Step("which-bins", {"bins": ["rubbish", "garden"]}),
        Step("garden-licence", {"subscriber": "yes"}),
        Step(
            "address",
            {
                "where-line1": "1 High Street",
                "where-town": "Elmbridge",
                "where-postcode": "EV1 1AA",
            },
        ),
        Step("about-you", {"name": "Ann Example", "email": "ann@example.com"}),
    ),
    ("Garden waste (blue bin)", "1 High Street", "Ann Example"),
)
VOLUNTEERING = Journey(
    "library-volunteering",
    (
        Step("your-age", {"born-day": "31", "born-month": "3", "born-year": "1980"}),
        Step("about-you", {"name": "Bob Example"}),
        Step("which-role", {"role": "home"}),
        Step("driving", {"drives": "yes"}),
        Step("availability", {"days": ["saturdays"]}),
        Step("roles", {"another": "no"}),
        Step("referee", {"referee-name": "Cat Example", "referee-email": "cat@example.com"}),
    ),
    ("31 March 1980", "Take books to people at home", "Cat Example"),
)
COMPLAINT = Journey(
    "compliments-and-complaints",
    (
        Step("what-about", {"kind": "complaint"}),
        Step("stage", {"stage": "second"}),
        Step("earlier-reference", {"earlier": "A-17"}, needed=False),
        Step("service-area", {"area": "roads"}),
        Step("what-happened", {"story": "The road was closed.\nNobody said."}),
        Step(
            "when-happened",
            {"happened-day": "3", "happened-month": "11", "happened-year": "2025"},
        ),
        Step("put-right", {"outcome": "Say sorry."}, needed=False),
        Step("contact-details", {"name": "Dee Example"}, needed=False),
    ),
    ("Roads and parking", "Nobody said.", "3 November 2025"),
)
JOURNEYS = (MISSED_BIN, VOLUNTEERING, COMPLAINT)


def journey_id(journey: Journey) -> str:
    return journey.service

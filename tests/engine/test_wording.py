"""What a person is told about each problem."""

import re

import pytest
from tests.support.questions import CASES, NOW, OPTIONS, kind_of, parse, question

from townhall.engine.kinds import KINDS
from townhall.engine.problems import Code, Problem, wording
from townhall.engine.wording_names import lower_first, name_of
from townhall.engine.wording_words import ENGLISH, PARTS, WELSH

PHONES = "like 01632 960 001, 07700 900 982 or +44 808 157 0192"


def told(type: str, ask: str, *texts: str, **keys) -> list[str]:
    q = question(type, ask, **keys)
    outcome = parse(q, *texts)
    problems = outcome if isinstance(outcome, list) else [kind_of(q).missing(q)]
    return [wording(problem, q) for problem in problems]


@pytest.mark.parametrize(
    ("type", "ask", "keys", "message"),
    [
        ("text", "What is your full name?", {}, "Enter your full name"),
        ("text", "What is your full name?", {"short": "Full name"}, "Enter your full name"),
        ("text", "Full name", {}, "Enter full name"),
        ("text", "Your full name", {}, "Enter your full name"),
        ("text", "Full name (optional)", {}, "Enter full name"),
        ("text", "NHS number", {}, "Enter NHS number"),
        ("text", "National Insurance number", {}, "Enter National Insurance number"),
        ("text", "What are the names of the children?", {}, "Enter the names of the children"),
        ("long-text", "What happened?", {}, "Enter what happened"),
        ("long-text", "Describe what happened.", {}, "Describe what happened"),
        ("long-text", "Tell us about the problem", {}, "Tell us about the problem"),
        ("long-text", "Tell us about it", {"short": "The problem"}, "Enter the problem"),
        ("number", "How many nests are there?", {}, "Enter how many nests there are"),
        (
            "number",
            "How many nests are there?",
            {"short": "Nests"},
            "Enter how many nests there are",
        ),
        ("radios", "Which pest is the problem?", {}, "Select which pest is the problem"),
        (
            "radios",
            "Which pest is the problem?",
            {"short": "Pest"},
            "Select which pest is the problem",
        ),
        ("radios", "How do you want to hear from us?", {}, "Select how you want to hear from us"),
        ("select", "When can we come?", {}, "Select when we can come"),
        ("checkboxes", "What do you need?", {}, "Select what you need"),
        ("radios", "Where is the problem?", {}, "Select an answer to ‘Where is the problem?’"),
        ("radios", "Which bin did we miss?", {}, "Select an answer to ‘Which bin did we miss?’"),
        ("text", "If you know it, who owns the tree?", {}, None),
        ("date", "What is your date of birth?", {}, "Enter your date of birth"),
        ("yes-no", "Do you live in the borough?", {}, "Select yes if you live in the borough"),
        ("yes-no", "Are you over 18?", {}, "Select yes if you are over 18"),
        ("yes-no", "Is there a dog?", {}, "Select yes if there is a dog"),
        (
            "yes-no",
            "Have you told the police?",
            {"short": "Police"},
            "Select yes if you have told the police",
        ),
        ("yes-no", "Would you like a text?", {}, "Select yes if you would like a text"),
        ("yes-no", "Is the lid closed?", {}, "Select yes or no for ‘Is the lid closed?’"),
        ("yes-no", "Did you see it?", {}, "Select yes or no for ‘Did you see it?’"),
        ("declaration", "I agree to the rules", {}, "Select ‘I agree to the rules’ to continue"),
        ("address", "What is your address?", {}, "Enter your address"),
    ],
)
def test_a_question_left_blank(type, ask, keys, message):
    if type in ("radios", "select", "checkboxes"):
        keys = {**keys, "options": OPTIONS}
    said = told(type, ask, **keys)
    assert said == [message or "Enter an answer to ‘If you know it, who owns the tree?’"]


@pytest.mark.parametrize(
    ("type", "ask", "keys", "typed", "message"),
    [
        (
            "text",
            "What is your full name?",
            {"max_length": 3},
            ["abcd"],
            "Full name must be 3 characters or fewer",
        ),
        ("text", "Permit", {"min_length": 3}, ["a"], "Permit must be 3 characters or more"),
        (
            "long-text",
            "What happened?",
            {"max_length": 1200},
            ["a" * 1201],
            "Your answer to ‘What happened?’ must be 1,200 characters or fewer",
        ),
        (
            "long-text",
            "What happened?",
            {"max_words": 1, "short": "Story"},
            ["a b"],
            "Story must be 1 word or fewer",
        ),
        (
            "text",
            "Permit",
            {},
            ["a\0"],
            "Permit includes a character that cannot be used. Type it again",
        ),
        ("number", "How many nests are there?", {}, ["x"], "Number of nests must be a number"),
        (
            "number",
            "How many nests are there?",
            {"min": 1, "max": 9},
            ["10"],
            "Number of nests must be between 1 and 9",
        ),
        (
            "number",
            "How many nests are there?",
            {"max": 9},
            ["10"],
            "Number of nests must be 9 or fewer",
        ),
        (
            "number",
            "How many nests are there?",
            {"min": 1},
            ["0"],
            "Number of nests must be 1 or more",
        ),
        (
            "number",
            "How many nests are there?",
            {},
            ["1.5"],
            "Number of nests must be a whole number",
        ),
        (
            "number",
            "Height",
            {"decimals": 2},
            ["1.555"],
            "Height must have 2 decimal places or fewer",
        ),
        (
            "number",
            "Height",
            {"decimals": 1},
            ["1.55"],
            "Height must have 1 decimal place or fewer",
        ),
        (
            "money",
            "What is your rent?",
            {},
            ["lots"],
            "Rent must be an amount of money, like 25 or 25.50",
        ),
        (
            "money",
            "What is your rent?",
            {},
            ["1.555"],
            "Rent must have no more than 2 digits for pence, like 25.50",
        ),
        (
            "money",
            "What is your rent?",
            {"decimals": 0},
            ["1.5"],
            "Rent must be in whole pounds, like 25",
        ),
        (
            "money",
            "What is your rent?",
            {"max": 1000},
            ["1001"],
            "Rent must be between £0 and £1,000",
        ),
        (
            "date",
            "What is your date of birth?",
            {},
            ["31", "2", "2027"],
            "Date of birth must be a real date",
        ),
        (
            "date",
            "What is your date of birth?",
            {},
            ["31", "", "2027"],
            "Date of birth must include a month",
        ),
        (
            "date",
            "What is your date of birth?",
            {},
            ["", "", "2027"],
            "Date of birth must include a day and month",
        ),
        (
            "date",
            "Visit",
            {},
            ["1", "13", "2027"],
            "Visit must include a month between 1 and 12, or its name",
        ),
        ("date", "Visit", {}, ["1", "1", "27"], "Visit must include a year with 4 numbers"),
        (
            "date",
            "Visit",
            {},
            ["1", "1", "9999"],
            "Visit must include a year between 1800 and 2199",
        ),
        (
            "date",
            "Visit",
            {"min": "today"},
            ["1", "1", "2020"],
            "Visit must be today or in the future",
        ),
        (
            "date",
            "Visit",
            {"max": "today"},
            ["1", "1", "2030"],
            "Visit must be today or in the past",
        ),
        (
            "date",
            "Visit",
            {"min": "2027-01-01"},
            ["1", "1", "2020"],
            "Visit must be the same as or after 1 January 2027",
        ),
        (
            "date",
            "Visit",
            {"min": "2027-01-01", "max": "2027-01-31"},
            ["1", "2", "2027"],
            "Visit must be between 1 January 2027 and 31 January 2027",
        ),
        (
            "time",
            "Collection time",
            {},
            ["9"],
            "Collection time must be a time, like 9:30am or 14:05",
        ),
        (
            "email",
            "What is your email address?",
            {},
            ["x"],
            "Enter your email address in the correct format, like name@example.com",
        ),
        (
            "phone",
            "What is your phone number?",
            {},
            ["x"],
            f"Enter your phone number in full, {PHONES}",
        ),
        (
            "email",
            "Email address (optional)",
            {},
            ["x"],
            "Enter an email address in the correct format, like name@example.com",
        ),
        (
            "phone",
            "Mobile phone number",
            {},
            ["x"],
            f"Enter a mobile phone number in full, {PHONES}",
        ),
        (
            "url",
            "What is the web address?",
            {},
            ["x y"],
            "Enter the web address in the correct format, like www.example.com",
        ),
        (
            "postcode",
            "What is your postcode?",
            {},
            ["SK1"],
            "Postcode must be a full UK postcode, like AA3 1AB",
        ),
        (
            "address",
            "What is your address?",
            {},
            ["1 High Street", "", "", "", "SK1 1AA"],
            "Address must include a town or city",
        ),
        (
            "address",
            "What is your address?",
            {},
            ["a", "", "b", "", "SK1"],
            "Address must include a full UK postcode, like AA3 1AB",
        ),
        (
            "name",
            "What is your name?",
            {"parts": "first-last"},
            ["Sam", ""],
            "Name must include a last name",
        ),
        (
            "radios",
            "Which pest is the problem?",
            {"options": OPTIONS},
            ["x"],
            "Select which pest is the problem from the options shown",
        ),
        ("yes-no", "Do you drive?", {}, ["x"], "Select yes if you drive"),
        (
            "checkboxes",
            "Pests",
            {"options": OPTIONS, "at_least": 2},
            ["rats"],
            "Pests must include 2 or more of the options",
        ),
        (
            "checkboxes",
            "Pests",
            {"options": OPTIONS, "at_most": 1},
            ["rats", "mice"],
            "Pests must include 1 or fewer of the options",
        ),
        (
            "checkboxes",
            "Pests",
            {"options": OPTIONS, "exactly": 2},
            ["rats"],
            "Pests must include exactly 2 of the options",
        ),
        (
            "checkboxes",
            "Which pests do you have?",
            {"options": [{"id": "a", "say": "A"}, {"id": "n", "say": "None", "exclusive": True}]},
            ["a", "n"],
            "Select which pests you have, or select ‘None’",
        ),
    ],
)
def test_an_answer_that_will_not_do(type, ask, keys, typed, message):
    assert told(type, ask, *typed, **keys)[0] == message


def test_the_authors_words_win():
    q = question("text", errors={"missing": "Tell us your name", "too-long": "Shorter, please"})
    assert wording(Problem(Code.MISSING, "q"), q) == "Tell us your name"
    assert wording(Problem(Code.TOO_LONG, "q"), q, "cy") == "Shorter, please"
    assert wording(Problem(Code.TOO_SHORT, "q"), q).startswith("Answer must be")


def test_a_rule_says_its_own_words():
    q = question("text")
    assert wording(Problem(Code.RULE, "q", params={"say": "End must be after {{ start }}"}), q) == (
        "End must be after {{ start }}"
    )


def test_a_code_that_a_later_kind_brings_is_still_a_sentence():
    q = question("text", "What is your slot?")
    assert wording(Problem("slot_taken", "q"), q) == "Check your slot"
    assert wording(Problem("slot_taken", "q"), q, "cy").endswith("gwiriwch yr ateb")


def test_every_code_has_words_in_both_languages_with_the_same_blanks():
    assert {code.value for code in Code} <= ENGLISH.keys()
    assert {code.value for code in Code} <= WELSH.keys()
    assert PARTS["en"].keys() == PARTS["cy"].keys()
    for key, english in ENGLISH.items():
        blanks = set(re.findall(r"\{(\w+)\}", english)) - {"subject", "enter", "ask", "s"}
        welsh = WELSH.get(key, WELSH.get(key.split(":")[0], ""))
        assert blanks == set(re.findall(r"\{(\w+)\}", welsh)) - {"subject", "enter", "ask"}, key


def test_no_words_blame_or_say_invalid():
    for words in (*ENGLISH.values(), *WELSH.values()):
        assert not re.search(r"invalid|error|please|forgot|annilys", words, re.IGNORECASE)


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_words_every_code_that_it_may_give(name):
    q = next((q for q, _ in CASES.values() if q.type == name), None)
    for code in KINDS[name].codes:
        for language in ("en", "cy"):
            said = wording(Problem(code, "q", params={"limit": "3", "say": "Say it"}), q, language)
            assert "{" not in said
            assert said[0].isupper() or said[0] == "‘"


def test_welsh_uses_the_questions_own_words_unchanged():
    q = question("date", "Beth yw eich dyddiad geni?", short="Dyddiad geni")
    problems = parse(q, "", "", "2027")
    assert wording(problems[0], q, "cy-GB") == (
        "Dyddiad geni: rhowch y canlynol hefyd: diwrnod, mis"
    )
    bare = question("date", "Beth yw eich dyddiad geni?")
    assert wording(kind_of(bare).missing(bare), bare, "cy") == (
        "‘Beth yw eich dyddiad geni?’: rhowch ateb"
    )


def test_a_language_without_words_is_told_in_english():
    q = question("text", "What is your name?")
    assert wording(kind_of(q).missing(q), q, "pl") == "Enter your name"


@pytest.mark.parametrize(
    ("words", "lowered"),
    [
        ("Full name", "full name"),
        ("NHS number", "NHS number"),
        ("I agree", "I agree"),
        ("Blue Badge number", "Blue Badge number"),
        ("Monday slot", "Monday slot"),
        ("P45 date", "P45 date"),
        ("", ""),
    ],
)
def test_lower_first(words, lowered):
    assert lower_first(words) == lowered


def test_a_first_person_stays_a_capital():
    assert name_of(question("text", "What should I bring?")).enter == "what I should bring"


def test_earlier_answers_named_in_a_question_are_left_to_be_filled_in():
    q = question("text", "Where does {{ child }} live?")
    assert wording(kind_of(q).missing(q), q) == "Enter an answer to ‘Where does {{ child }} live?’"
    assert NOW.scope == {}


@pytest.mark.parametrize(
    "ask",
    [
        "What is the vehicle on?",
        "What is the water coming from?",
        "What kind of land is the vehicle on?",
    ],
)
def test_a_question_that_ends_on_a_preposition_is_quoted_whole(ask):
    assert told("radios", ask) == [f"Select an answer to ‘{ask}’"]

"""What a person is told about each problem, in English and Welsh, by code.

The English follows the error message templates of the GOV.UK Design System. The Welsh was written
with care to avoid mutations after a question's own words, and must be confirmed by a Welsh
translator before a council relies on it.

A key is a problem code, or `code:type` where one kind of question needs its own words. `{subject}`
and `{enter}` are the question's name as engine.wording_names gives it; the others are the
problem's own params, and `{s}` is the plural of a limit that is not 1.
"""

ENGLISH = {
    "missing": "Enter {enter}",
    "missing:radios": "Select {enter}",
    "missing:checkboxes": "Select {enter}",
    "missing:select": "Select {enter}",
    "missing:yes-no": "Select yes if {enter}",
    "missing:quoted": "Select yes or no for ‘{ask}’",
    "bad_character": "{subject} includes a character that cannot be used. Type it again",
    "too_long": "{subject} must be {limit} character{s} or fewer",
    "too_short": "{subject} must be {limit} character{s} or more",
    "too_many_words": "{subject} must be {limit} word{s} or fewer",
    "wrong_pattern": "{say}",
    "not_a_number": "{subject} must be a number",
    "not_a_number:money": "{subject} must be an amount of money, like 25 or 25.50",
    "not_a_number:percent": "{subject} must be a percentage, like 25",
    "not_whole": "{subject} must be a whole number",
    "not_whole:money": "{subject} must be in whole pounds, like 25",
    "too_many_decimals": "{subject} must have {limit} decimal place{s} or fewer",
    "too_many_decimals:money": "{subject} must have no more than 2 digits for pence, like 25.50",
    "too_small": "{subject} must be {limit} or more",
    "too_big": "{subject} must be {limit} or fewer",
    "too_big:money": "{subject} must be {limit} or less",
    "too_big:percent": "{subject} must be {limit} or less",
    "between": "{subject} must be between {low} and {high}",
    "date_incomplete": "{subject} must include a {parts}",
    "not_a_date": "{subject} must be a real date",
    "bad_day": "{subject} must include a day between 1 and 31",
    "bad_month": "{subject} must include a month between 1 and 12, or its name",
    "bad_year": "{subject} must include a year with 4 numbers",
    "year_out_of_range": "{subject} must include a year between {low} and {high}",
    "too_early": "{subject} must be the same as or after {limit}",
    "too_late": "{subject} must be the same as or before {limit}",
    "date_in_past": "{subject} must be today or in the future",
    "date_in_future": "{subject} must be today or in the past",
    "date_not_in_past": "{subject} must be in the past",
    "date_not_in_future": "{subject} must be in the future",
    "not_a_time": "{subject} must be a time, like 9:30am or 14:05",
    "not_an_email": "Enter {enter} in the correct format, like name@example.com",
    "not_a_phone": "Enter {enter} in full, like 01632 960 001, 07700 900 982 or +44 808 157 0192",
    "not_a_mobile": "{subject} must be a mobile number, like 07700 900 982",
    "not_a_uk_phone": "{subject} must be a UK number, like 01632 960 001 or 07700 900 982",
    "not_a_url": "Enter {enter} in the correct format, like www.example.com",
    "not_a_postcode": "{subject} must be a full UK postcode, like AA3 1AB",
    "not_a_postcode:address": "{subject} must include a full UK postcode, like AA3 1AB",
    "not_an_option": "Select {enter} from the options shown",
    "not_an_option:yes-no": "Select yes if {enter}",
    "too_few": "{subject} must include {limit} or more of the options",
    "too_many": "{subject} must include {limit} or fewer of the options",
    "not_exactly": "{subject} must include exactly {limit} of the options",
    "not_with_others": "Select {enter}, or select ‘{option}’",
    "name_incomplete": "{subject} must include a {parts}",
    "address_incomplete": "{subject} must include {parts}",
    "not_agreed": "Select ‘{ask}’ to continue",
    "rule": "{say}",
    "other": "Check {enter}",
}

WELSH = {
    "missing": "{subject}: rhowch ateb",
    "missing:radios": "{subject}: dewiswch ateb",
    "missing:checkboxes": "{subject}: dewiswch ateb",
    "missing:select": "{subject}: dewiswch ateb",
    "missing:yes-no": "{subject}: dewiswch ‘Ie’ neu ‘Na’",
    "missing:quoted": "{subject}: dewiswch ‘Ie’ neu ‘Na’",
    "bad_character": "{subject}: mae yma nod na ellir ei ddefnyddio. Teipiwch eto",
    "too_long": "{subject}: uchafswm nifer y nodau yw {limit}",
    "too_short": "{subject}: isafswm nifer y nodau yw {limit}",
    "too_many_words": "{subject}: uchafswm nifer y geiriau yw {limit}",
    "wrong_pattern": "{say}",
    "not_a_number": "{subject}: rhowch rif",
    "not_a_number:money": "{subject}: rhowch swm o arian, er enghraifft 25 neu 25.50",
    "not_a_number:percent": "{subject}: rhowch ganran, er enghraifft 25",
    "not_whole": "{subject}: rhowch rif cyfan",
    "not_whole:money": "{subject}: rhowch swm mewn punnoedd cyfan, er enghraifft 25",
    "too_many_decimals": "{subject}: uchafswm nifer y lleoedd degol yw {limit}",
    "too_many_decimals:money": "{subject}: rhowch ddim mwy na 2 ddigid am geiniogau, "
    "er enghraifft 25.50",
    "too_small": "{subject}: {limit} yw’r lleiaf a ganiateir",
    "too_big": "{subject}: {limit} yw’r mwyaf a ganiateir",
    "between": "{subject}: rhowch ateb rhwng {low} a {high}",
    "date_incomplete": "{subject}: rhowch y canlynol hefyd: {parts}",
    "not_a_date": "{subject}: rhowch ddyddiad go iawn",
    "bad_day": "{subject}: rhowch ddiwrnod rhwng 1 a 31",
    "bad_month": "{subject}: rhowch fis rhwng 1 a 12, neu ei enw",
    "bad_year": "{subject}: rhowch flwyddyn â 4 rhif",
    "year_out_of_range": "{subject}: rhowch flwyddyn rhwng {low} a {high}",
    "too_early": "{subject}: {limit} yw’r dyddiad cynharaf a ganiateir",
    "too_late": "{subject}: {limit} yw’r dyddiad diweddaraf a ganiateir",
    "date_in_past": "{subject}: rhowch ddyddiad heddiw neu ddyddiad yn y dyfodol",
    "date_in_future": "{subject}: rhowch ddyddiad heddiw neu ddyddiad yn y gorffennol",
    "date_not_in_past": "{subject}: rhowch ddyddiad yn y gorffennol",
    "date_not_in_future": "{subject}: rhowch ddyddiad yn y dyfodol",
    "not_a_time": "{subject}: rhowch amser, er enghraifft 9:30am neu 14:05",
    "not_an_email": "{subject}: rhowch gyfeiriad e-bost yn y fformat cywir, "
    "er enghraifft enw@example.com",
    "not_a_phone": "{subject}: rhowch rif ffôn llawn, "
    "er enghraifft 01632 960 001, 07700 900 982 neu +44 808 157 0192",
    "not_a_mobile": "{subject}: rhowch rif ffôn symudol, er enghraifft 07700 900 982",
    "not_a_uk_phone": "{subject}: rhowch rif ffôn yn y DU, "
    "er enghraifft 01632 960 001 neu 07700 900 982",
    "not_a_url": "{subject}: rhowch gyfeiriad gwe, er enghraifft www.example.com",
    "not_a_postcode": "{subject}: rhowch god post llawn yn y DU, er enghraifft AA3 1AB",
    "not_an_option": "{subject}: dewiswch un o’r opsiynau a ddangosir",
    "too_few": "{subject}: {limit} yw’r nifer lleiaf o opsiynau i’w dewis",
    "too_many": "{subject}: {limit} yw’r nifer mwyaf o opsiynau i’w dewis",
    "not_exactly": "{subject}: nifer yr opsiynau i’w dewis yw {limit}",
    "not_with_others": "{subject}: dewiswch ‘{option}’ neu opsiynau eraill, nid y ddau",
    "name_incomplete": "{subject}: rhowch y canlynol hefyd: {parts}",
    "address_incomplete": "{subject}: rhowch y canlynol hefyd: {parts}",
    "not_agreed": "Dewiswch ‘{ask}’ i barhau",
    "rule": "{say}",
    "other": "{subject}: gwiriwch yr ateb",
}

WORDS = {"en": ENGLISH, "cy": WELSH}

PARTS = {
    "en": {
        "day": "day",
        "month": "month",
        "year": "year",
        "first": "first name",
        "last": "last name",
        "line1": "address line 1, typically the building and street",
        "town": "a town or city",
        "postcode": "a postcode",
    },
    "cy": {
        "day": "diwrnod",
        "month": "mis",
        "year": "blwyddyn",
        "first": "enw cyntaf",
        "last": "cyfenw",
        "line1": "llinell gyntaf y cyfeiriad, fel arfer yr adeilad a’r stryd",
        "town": "tref neu ddinas",
        "postcode": "cod post",
    },
}

AND = {"en": " and ", "cy": ", "}
"""Between parts: Welsh a or ac depends on the next sound, so a list there has commas."""

QUOTED = {"en": "your answer to ‘{ask}’", "cy": "‘{ask}’"}
AN_ANSWER = {"en": "an answer to ‘{ask}’", "cy": "‘{ask}’"}

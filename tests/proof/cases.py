"""A wrong turn for each code: what stands in the good definition, and what was typed instead."""

from typing import NamedTuple


class Wrong(NamedTuple):
    """The code that must come of replacing ``old`` by ``new`` in the good definition."""

    code: str
    old: str
    new: str


_TWO_MATERIALS = "    when: woollen\n"
_GROUP = (
    "      - id: sizes\n        ask: Sizes\n        type: group\n{more}        questions:\n"
    "          - id: length\n            ask: Length\n            type: number\n"
)
_INNER = (
    "          - id: more\n            ask: More\n            type: group\n"
    "            questions:\n              - id: width\n                ask: Width\n"
    "                type: number\n"
)

WRONG: tuple[Wrong, ...] = (
    # Owner, privacy and help
    Wrong("missing-owner", "owner:\n  team: Gloves\n  email: gloves@elmbridge-vale.example\n"
          "  review: 2027-04-01\n", ""),
    Wrong("review-due", "2027-04-01", "2026-11-30"),
    Wrong("not-reviewed", "title: Report a", "reviewed: false\ntitle: Report a"),
    Wrong("missing-privacy", "  power: Gloves Act 1900, section 1\n", ""),
    Wrong("missing-privacy", "  consequence: We cannot look for it.\n", ""),
    Wrong("basis", "  purpose:", "  basis: legitimate interests\n  purpose:"),
    Wrong("missing-article9", "        personal: location\n", ""),
    Wrong("missing-schedule1", "        personal: location\n  - use",
          "        personal: offence\n  - use"),
    Wrong("missing-article10", "        personal: location\n", "        personal: offence\n"),
    Wrong("under-18", "        personal: location\n", "        personal: child\n"),
    Wrong("bad-period", "  purpose:", "  retain:\n    submitted: for ever\n  purpose:"),
    Wrong("bad-period", "  purpose:", "  retain:\n    submitted: 1 year after birth\n  purpose:"),
    Wrong("event-noted-by-hand", "  purpose:",
          "  retain:\n    submitted: 2 years after closed\n  purpose:"),
    Wrong("event-noted-by-hand", "  purpose:",
          "  retain:\n    submitted: 2 years after visit\n  purpose:"),
    Wrong("never-open", "pages:\n", "available:\n  from: 2027-01-02\n  to: 2027-01-01\npages:\n"),
    Wrong("closed", "pages:\n", "available:\n  to: 2026-11-30\npages:\n"),
    Wrong("answer-in-message", "pages:\n",
          "confirmation:\n  next: We will look for {{ count }} within 2 days.\npages:\n"),
    Wrong("no-answer-time", "pages:\n", "confirmation:\n  next: We will look for it.\npages:\n"),
    # Where answers go
    Wrong("unknown-destination", "to: waste-inbox", "to: waste-inbex"),
    Wrong("no-delivery", "deliver:\n  - to: waste-inbox\n", ""),
    Wrong("address-not-allowed", "to: waste-inbox", "to: someone@elsewhere.example"),
    Wrong("address-not-allowed", "to: waste-inbox", "to: https://elsewhere.example/hook"),
    Wrong("address-not-allowed", "to: waste-inbox", "to: http://127.0.0.1/hook"),
    Wrong("class-not-allowed", "        personal: none\n        max: today",
          "        personal: identifier\n        max: today"),
    # Names given twice
    Wrong("duplicate-page", "page: dates", "page: place"),
    Wrong("duplicate-page", "id: places", "id: dates"),
    Wrong("reserved-page", "page: dates", "page: start"),
    Wrong("duplicate-question", "id: missed", "id: lost"),
    Wrong("reserved-question", "      - id: colours\n", "      - id: csrfmiddlewaretoken\n"),
    Wrong("duplicate-question", "id: places", "id: missed"),
    Wrong("split-repeat", "  - page: dates\n",
          "  - page: extra\n    repeat:\n      id: places\n    content:\n      - text: Words\n"
          "  - page: dates\n"),
    Wrong("limits-cross", "      min: 1\n      max: 3", "      min: 4\n      max: 3"),
    Wrong("limits-cross", "        min: 1\n        max: 9", "        min: 10\n        max: 9"),
    Wrong("duplicate-option", "id: leather", "id: wool"),
    Wrong("duplicate-words", "say: Leather", "say: wool"),
    Wrong("duplicate-title", "title: When it happened", "title: How many did you lose?"),
    Wrong("duplicate-section", "conditions:", "  - section: glove\n    title: Again\nconditions:"),
    Wrong("duplicate-example", "name: Nothing to find", "name: A woollen glove"),
    Wrong("duplicate-name", "        max: today\n", "        max: today\n        name: missed\n"),
    # References
    Wrong("unknown-question", "    material: wool\n", "    materiel: wool\n"),
    Wrong("unknown-question", "{{ count }}", "{{ counts }}"),
    Wrong("unknown-question", "{{ count }}", "{{ count.__class__ }}"),
    Wrong("bad-condition", "    material: wool\n", "    material.__class__: wool\n"),
    Wrong("unknown-question", "times: count", "times: cuont"),
    Wrong("unknown-question", "at: missed", "at: mised"),
    Wrong("unknown-question", "      material: none\n    exit: nothing",
          "      stuff: none\n    exit: nothing"),
    Wrong("unknown-question", "max: today", "max: tomorrow"),
    Wrong("unknown-question", "acknowledge:\n  to: email", "acknowledge:\n  to: e-mail"),
    Wrong("later-question", "    when:\n      material: none\n    exit",
          "    when:\n      count: 1\n    exit"),
    Wrong("later-question", "{{ count }}", "{{ lost }}"),
    Wrong("later-question", "max: today", "max: where"),
    Wrong("later-question", "title: Report a lost glove", "title: \"Report {{ count }} gloves\""),
    Wrong("later-question", "acknowledge:\n  to: email",
          "acknowledge:\n  name: \"About {{ material }}\"\n  to: email"),
    Wrong("same-page", "      - id: colours\n",
          "      - id: colours\n        when:\n          count:\n            at_least: 2\n"),
    Wrong("inside-repeat", "deliver:\n  - to: waste-inbox\n",
          "deliver:\n  - to: waste-inbox\n    when:\n      where:\n        answered: yes\n"),
    Wrong("unknown-page", "go: nothing-to-find", "go: nothing-to-fnd"),
    Wrong("unknown-page", "exit: nothing-to-find", "exit: nothing-to-look"),
    Wrong("backward-next", "    when: woollen\n", "    when: woollen\n    next: count\n"),
    Wrong("exit-goes-on", "    exit: There", "    next: count\n    exit: There"),
    Wrong("unknown-section", "    section: glove\n", "    section: gloves\n"),
    Wrong("not-an-email-question", "acknowledge:\n  to: email", "acknowledge:\n  to: count"),
    Wrong("unused-condition", "pages:\n", "  leathern:\n    material: leather\npages:\n"),
    Wrong("unknown-condition", "when: woollen", "when: wollen"),
    Wrong("unknown-option", "    material: wool\n", "    material: wol\n"),
    Wrong("unknown-repeat", "deliver:\n  - to: waste-inbox\n",
          "deliver:\n  - to: waste-inbox\n    when:\n      count of plaices:\n"
          "        at_least: 1\n"),
    Wrong("operator", "    material: wool\n", "    material:\n      at_least: 2\n"),
    Wrong("operand", "    when: woollen\n", "    when:\n      count:\n        at_least: two\n"),
    # Reach
    Wrong("page-never-shown", _TWO_MATERIALS,
          "    when:\n      all:\n        - material: wool\n        - material: leather\n"),
    Wrong("page-never-shown", _TWO_MATERIALS, "    when:\n      count:\n        at_least: 10\n"),
    Wrong("page-never-reached", "      - go: count", "      - go: dates"),
    Wrong("option-never-offered", "            say: Blue\n",
          "            say: Blue\n            when:\n              all:\n"
          "                - material: wool\n"
          "                - material: leather\n"),
    Wrong("never-shown", "      - text: You told us that you have no glove.",
          "      - text: You told us that you have no glove.\n        when:\n"
          "          material: wool"),
    Wrong("way-never-taken", "      - go: count\n", "      - go: count\n      - go: dates\n"),
    Wrong("way-never-taken", "      - go: count\n",
          "      - when:\n          material: none\n        go: dates\n      - go: count\n"),
    Wrong("no-way-to-finish", "  - page: material\n",
          "  - page: closed\n    exit: We are closed\n  - page: material\n"),
    Wrong("no-option-left",
          "          - id: red\n            say: Red\n          - id: blue\n            say: Blue\n"
          "          - id: unsure\n            say: I am not sure\n            exclusive: true\n",
          "          - id: red\n            say: Red\n            when: woollen\n"),
    Wrong("empty-page", "    questions:\n      - id: washed\n"
          "        ask: Have you washed {{ count }} of them?\n        type: yes/no\n", ""),
    Wrong("page-may-be-empty", "    when: woollen\n    questions:\n      - id: washed\n",
          "    questions:\n      - id: washed\n        when: woollen\n"),
    Wrong("exit-asks", "    exit: There is nothing to find\n",
          "    exit: There is nothing to find\n    questions:\n      - id: why\n        ask: Why?\n"
          "        type: yes/no\n"),
    # No answer
    Wrong("no-answer", "deliver:\n  - to: waste-inbox\n",
          "deliver:\n  - to: waste-inbox\n    when:\n      washed: yes\n"),
    Wrong("no-answer-reversed", "deliver:\n  - to: waste-inbox\n",
          "deliver:\n  - to: waste-inbox\n    when:\n      not:\n        washed: yes\n"),
    Wrong("no-answer-no-way", "    title: When it happened\n",
          "    title: When it happened\n    next:\n      - when:\n          washed: yes\n"
          "        go: about-you\n"),
    Wrong("rule-cannot-be-met",
          "      - require:\n          missed:\n            not_before: lost\n",
          "      - require:\n          not:\n            washed: yes\n"),
    # Questions
    Wrong("missing-reason", "        type: yes/no", "        type: email"),
    Wrong("unknown-autocomplete", "        type: yes/no",
          "        type: name\n        autocomplete: nam"),
    Wrong("autocomplete-of-another", "        type: yes/no",
          "        type: name\n        personal: other_person\n        autocomplete: name"),
    Wrong("unknown-problem", "        max: today\n",
          "        max: today\n        errors:\n          too-windy: Enter a day\n"),
    Wrong("many-options", "          - id: blue\n            say: Blue\n",
          "".join(f"          - id: c{n}\n            say: Colour {n}\n" for n in range(40))),
    Wrong("untitled-words", "  - page: material\n    section: glove\n",
          "  - page: material\n    section: glove\n    content:\n      - text: Look inside.\n"),
    Wrong("long-page", "    title: When it happened\n    questions:\n",
          "    title: When it happened\n    questions:\n"
          + "".join(f"      - id: q{n}\n        ask: Number {n}\n        type: yes/no\n"
                    for n in range(12))),
    Wrong("missing-payment", "payment: not taken\n", ""),
    Wrong("unknown-payment", "payment: not taken", "payment: card"),
    Wrong("unknown-payment", "payment: not taken", "payment:\n  is: cheque\n  say: Post it."),
    Wrong("payment-without-fee",
          "fee:\n  - line: Search\n    price: bulky.collection\n    times: count\n", ""),
    Wrong("missing-key", "payment: not taken", "payment:\n  say: We will post you a bill."),
    Wrong("unknown-question", "payment: not taken",
          "payment:\n  is: not taken\n  say: We will post {{ cuont }} bills."),
    Wrong("unknown-price", "price: bulky.collection", "price: bulky.colection"),
    Wrong("no-price-today", "price: bulky.collection", "price: future.price"),
    Wrong("times-not-a-number", "times: count", "times: colours"),
    Wrong("times-not-a-number", "        max: 9", "        max: 9\n        decimals: 2"),
    Wrong("bad-pattern", "        max_length: 50",
          "        pattern:\n          matches: (?=a)b\n          say: Enter a b"),
    Wrong("unsafe-link", "text: You told us that you have no glove.",
          "text: \"[Words](javascript:alert)\""),
    Wrong("outside-image", "      - text: You told us that you have no glove.\n",
          "      - image:\n          src: https://pictures.example/a.png\n"
          "          alt: A glove\n"),
    Wrong("group-condition", "      - id: colours\n",
          _GROUP.format(more="        when: woollen\n") + "      - id: colours\n"),
    Wrong("nested-group", "      - id: colours\n",
          _GROUP.format(more="") + _INNER + "      - id: colours\n"),
    # Words
    Wrong("blaming-word", "say: Enter a day that is", "say: Invalid day. Enter a day that is"),
    Wrong("blaming-word", "text: You told us", "text: Your answer is not valid. You told us"),
    Wrong("blaming-word", "        max_length: 50",
          "        pattern:\n          matches: a+\n          like: aa\n          say: Invalid"),
    Wrong("html", "say: Wool\n", "say: <b>Wool</b>\n"),
    Wrong("link-words", "text: You told us that you have no glove.", "text: \"[click here](https://a.example)\""),
    Wrong("click", "text: You told us", "text: Click Back. You told us"),
    Wrong("please", "text: You told us", "text: Please stop. You told us"),
    Wrong("latin", "text: You told us", "text: Stop, e.g. now. You told us"),
    Wrong("plain-words", "text: You told us", "text: Prior to this, you told us"),
    Wrong("capitals", "text: You told us", "text: NEVER FORGET that you told us"),
    Wrong("too-long", "title: Report a lost glove",
          "title: Report a lost glove " + "and another " * 10),
    Wrong("question-mark", "ask: What is it made of?", "ask: What is it made of"),
    Wrong("end-mark", "ask: What is it made of?", "ask: \"Material:\""),
    Wrong("cut-by-hash", "say: Leather\n", "say: Leather # of the best\n"),
    Wrong("cut-by-hash", "say: Leather\n", "say: # of the best\n"),
    Wrong("cut-by-comma", "          - id: leather\n            say: Leather\n",
          "          - {id: leather, say: Leather, if any}\n"),
    # Examples
    Wrong("example-fails", "fee: 65.00", "fee: 32.50"),
    Wrong("example-fails", "wool-care, dates", "dates"),
)  # fmt: skip

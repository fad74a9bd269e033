"""Makes text inert in a GOV.UK Notify message, without changing what a reader sees.

Notify's templates read Markdown and ((placeholders)) in the values that they are given. A
zero-width space is put inside each mark that would begin something: `]​(`, `(​(`, `:​//`, and
before a mark that opens a line.
"""

import re

BREAK = "\N{ZERO WIDTH SPACE}"
INSIDE = re.compile(r"\((?=\()|\)(?=\))|\](?=[(\[:])|:(?=//)|www(?=\.)", re.IGNORECASE)
OPENS_A_LINE = re.compile(r"^([ \t]*)([#^>*+=-]|[0-9]{1,9}[.)])", re.MULTILINE)
LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def inert(text: str) -> str:
    """The same words with no mark that Notify would act on."""
    lines = LINE_ENDS.sub("\n", text)
    split = INSIDE.sub(lambda found: found[0] + BREAK, lines)
    return OPENS_A_LINE.sub(lambda found: found[1] + BREAK + found[2], split)

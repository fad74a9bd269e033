"""What several of a thing are called, where the author says only what one is."""

import pytest

from townhall.engine.plurals import plural_of
from townhall.engine.question import Repeat


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("tree", "trees"),
        ("child", "children"),
        ("Child", "Children"),
        ("stepchild", "stepchildren"),
        ("person", "people"),
        ("adult person", "adult people"),
        ("Spokeswoman", "Spokeswomen"),
        ("man", "men"),
        ("human", "humans"),
        ("half", "halves"),
        ("housewife", "housewives"),
        ("TV licence", "TV licences"),
        ("TV", "TVs"),
        ("address", "addresses"),
        ("bus", "buses"),
        ("box", "boxes"),
        ("church", "churches"),
        ("dish", "dishes"),
        ("property", "properties"),
        ("day", "days"),
        ("analysis", "analyses"),
        ("oasis", "oases"),
        ("premises", "premises"),
        ("series", "series"),
    ],
)
def test_several_of_it(one, several):
    assert plural_of(one) == several


def test_the_authors_own_words_come_first():
    assert Repeat(id="r", item="child").plural == "children"
    assert Repeat(id="r", item="child", items="Little ones").plural == "Little ones"

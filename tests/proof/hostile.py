"""Definitions made to take a checker down, each a function from nothing to its text."""


def _service(pages: str, more: str = "") -> str:
    return (
        "townhall: 1\nservice: hostile\ntitle: Hostile\n"
        f"confirmation:\n  next: Words\n{more}pages:\n{pages}"
    )


def _page(number: int, question: str = "", after: str = "") -> str:
    asked = question or f"{{id: q{number}, ask: Question {number}, type: yes/no}}"
    return f"  - page: p{number}\n    questions:\n      - {asked}\n{after}"


def alias_bomb() -> str:
    """Nine levels of ten aliases each: a billion strings when they are followed."""
    levels = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    return "\n".join(levels) + "\n"


def endless_alias() -> str:
    """A mapping that holds itself."""
    return "townhall: &me\n  again: *me\n"


def huge_string() -> str:
    """Ten million characters in one label."""
    return _service(_page(1, f'{{id: q, ask: "{"a" * 10_000_000}", type: text}}'))


def long_string() -> str:
    """A label just under the limit of a file."""
    return _service(_page(1, f'{{id: q, ask: "{"a" * 900_000}", type: text}}'))


def deep_lists() -> str:
    """A hundred thousand brackets."""
    return "townhall: " + "[" * 100_000 + "]" * 100_000


def deep_mappings() -> str:
    """Names inside names, by indentation."""
    return "".join(f"{' ' * depth}a:\n" for depth in range(900))


def deep_conditions() -> str:
    """A condition of nested nots, deeper than a definition may be."""
    return _service(
        _page(1) + "  - page: last\n    when: " + "{not: " * 300 + "{q1: yes}" + "}" * 300
    )


def many_pages() -> str:
    """Five thousand pages."""
    return _service("".join(_page(number) for number in range(5_000)))


def object_tag() -> str:
    """A tag that makes a careless reader run a command."""
    return "townhall: !!python/object/apply:os.system ['echo owned']\n"


def another_tag() -> str:
    """A tag that names a class."""
    return "townhall: !!python/object:townhall.engine.model.Definition {}\n"


def catastrophic_pattern() -> str:
    """A pattern that takes a backtracking engine for ever, with a sample made to try it."""
    pattern = "(a+)+$|(a|aa)+$|(.*a){20}"
    settings = f'pattern: {{matches: "{pattern}", say: Enter it, like: "{"a" * 400}!"}}'
    return _service(_page(1, f"{{id: q, ask: Words, type: text, {settings}}}"))


def costly_pattern() -> str:
    """A pattern whose automaton does not fit in memory."""
    nested = "((((a{1,100}){1,100}){1,100}){1,100})"
    settings = f'pattern: {{matches: "{nested}", say: Enter it}}'
    return _service(_page(1, f"{{id: q, ask: Words, type: text, {settings}}}"))


def backward_pattern() -> str:
    """A pattern with a back-reference, which RE2 does not have."""
    settings = 'pattern: {matches: "(a+)\\\\1", say: Enter it}'
    return _service(_page(1, f"{{id: q, ask: Words, type: text, {settings}}}"))


def braces_in_text() -> str:
    """Text that opens placeholders and never closes them."""
    return _service(_page(1, f'{{id: q, ask: "{"{{ " * 600}", type: yes/no}}'))


def tangled_conditions() -> str:
    """A condition with more ways to be true than there are atoms."""
    pages = "".join(_page(number) for number in range(40))
    both = ", ".join(f"{{any: [{{q{n}: yes}}, {{q{n + 1}: no}}]}}" for n in range(39))
    return _service(f"{pages}  - page: last\n    when: {{all: [{both}]}}\n    exit: The end\n")


def long_chain() -> str:
    """A thousand pages, each shown only after the one before said yes."""
    pages = [_page(0)]
    pages += [
        _page(n).replace("    questions", f"    when: {{q{n - 1}: yes}}\n    questions")
        for n in range(1, 1000)
    ]
    return _service("".join(pages))


def many_jumps() -> str:
    """Five hundred pages that each jump to five others."""
    pages = []
    for n in range(500):
        ways = "".join(
            f"      - {{when: {{q{n}: yes}}, go: p{min(n + step, 499)}}}\n" for step in range(2, 6)
        )
        pages.append(_page(n) + (f"    next:\n{ways}" if n < 490 else ""))
    return _service("".join(pages))


def many_options() -> str:
    """Three thousand options, each with a condition."""
    options = "".join(
        f"          - {{id: o{n}, say: Option {n}, when: {{q1: yes}}}}\n" for n in range(3_000)
    )
    return _service(
        _page(1) + "  - page: p2\n    questions:\n      - id: q2\n        ask: Which\n"
        f"        type: radios\n        options:\n{options}"
    )


def many_notes() -> str:
    """A sentence with a fault of style in every word."""
    return _service(_page(1, f'{{id: q, ask: "{"PLEASE CLICK <b> e.g. " * 80}", type: yes/no}}'))


def many_items() -> str:
    """An example with a repeat that asks for a thousand items on several pages."""
    page = "  - page: p1\n    repeat: {id: r, min: 1000, max: 1000}\n    questions:\n"
    return _service(
        page + "      - {id: q, ask: Words, type: yes/no}\n",
        "examples:\n  - {name: Many, answers: {}}\n",
    )


def bad_bytes() -> str:
    """Characters that YAML does not have."""
    return "townhall: \x00\x01\n"


def unicode_breaks() -> str:
    """Line ends that only some readers count."""
    return "townhall: 1\u2028service: a\u2029title: b\x85pages: []\n"


def very_many_keys() -> str:
    """A hundred thousand unknown names."""
    return "townhall: 1\n" + "".join(f"k{n}: 1\n" for n in range(60_000))


def json_bomb() -> str:
    """JSON, nested."""
    return '{"a":' * 10_000 + "1" + "}" * 10_000


HOSTILE = (
    alias_bomb,
    endless_alias,
    huge_string,
    long_string,
    deep_lists,
    deep_mappings,
    deep_conditions,
    many_pages,
    object_tag,
    another_tag,
    catastrophic_pattern,
    costly_pattern,
    backward_pattern,
    braces_in_text,
    tangled_conditions,
    long_chain,
    many_jumps,
    many_options,
    many_notes,
    many_items,
    bad_bytes,
    unicode_breaks,
    very_many_keys,
    json_bomb,
)

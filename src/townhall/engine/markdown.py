"""The small Markdown that an author's sentences may use, read by markdown-it and cleaned by nh3."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

Say: TypeAlias = Callable[[str], str]
"""What stands for a run of the author's plain words: the words with answers filled in."""

LINK = re.compile(r"(https?://|mailto:|tel:)[^\s\\]+|/(?![/\\])[^\s\\]*", re.IGNORECASE)
"""Where a link may go: the web, mail, telephone, or a path on this site."""

_RULES = ("list", "newline", "escape", "emphasis", "link")
_CLEANER = nh3.Cleaner(
    tags={"p", "ul", "ol", "li", "strong", "a"},
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)


def to_html(text: str, say: Say) -> str:
    """HTML with only p, ul, ol, li, strong and a; `say` gives plain words, escaped here."""
    parser = _parser()
    return _CLEANER.clean(parser.renderer.render(_tokens(text), parser.options, {"say": say}))


def to_text(text: str, say: Say) -> str:
    """The words without markup."""
    return _Plain(say).blocks(_tokens(text))


class _Renderer(RendererHTML):
    """Draws words through `say`, and single asterisks and underscores as they were typed."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        say: Say = env["say"]
        return escapeHtml(say(tokens[idx].content))

    def em_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return tokens[idx].markup

    em_close = em_open

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return f'<a href="{escapeHtml(str(tokens[idx].attrGet("href")))}">'

    def hardbreak(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return "\n"


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False}, renderer_cls=_Renderer).enable(_RULES)
    parser.validateLink = lambda url: LINK.fullmatch(url) is not None  # type: ignore[method-assign]
    return parser


@lru_cache(maxsize=2048)
def _tokens(text: str) -> tuple[Token, ...]:
    """What the author wrote, read once: it is never what a resident typed."""
    return tuple(_parser().parse(text))


class _Plain:
    """Writes tokens as plain lines."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.lists: list[int | None] = []
        self.marker = ""
        self.written = ""
        self.in_list = False

    def blocks(self, tokens: Iterable[Token]) -> str:
        for token in tokens:
            if token.type in ("ordered_list_open", "bullet_list_open"):
                self._open_list(token)
            elif token.type in ("ordered_list_close", "bullet_list_close"):
                self.lists.pop()
            elif token.type == "list_item_open":
                self.marker = self._next_marker()
            elif token.type == "inline":
                self._block(self._line(token.children or []))
        return self.written

    def _open_list(self, token: Token) -> None:
        self.in_list = bool(self.lists)
        ordered = token.type == "ordered_list_open"
        self.lists.append(int(token.attrGet("start") or 1) if ordered else None)

    def _next_marker(self) -> str:
        number = self.lists[-1]
        if number is None:
            return "- "
        self.lists[-1] = number + 1
        return f"{number}. "

    def _block(self, line: str) -> None:
        indent = "  " * (len(self.lists) - 1)
        if self.written:
            self.written += "\n" if self.lists and self.in_list else "\n\n"
        self.written += f"{indent}{self.marker}{line}"
        self.marker, self.in_list = "", bool(self.lists)

    def _line(self, children: Iterable[Token]) -> str:
        line, target, start = "", "", 0
        for token in children:
            if token.type == "text":
                line += self.say(token.content)
            elif token.type in ("softbreak", "hardbreak"):
                line += "\n"
            elif token.type in ("em_open", "em_close"):
                line += token.markup
            elif token.type == "link_open":
                target, start = str(token.attrGet("href")), len(line)
            elif token.type == "link_close" and not _says(line[start:], target):
                line += f" ({target})"
        return line


def _says(words: str, target: str) -> bool:
    """Whether the words of a link already tell where it goes."""
    return words == re.sub(r"^(mailto:|tel:)", "", target)

"""What the elements of HTML are to us: headings, paragraphs, and what cannot be carried."""

from __future__ import annotations

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend"})
PARAGRAPHS = frozenset(
    {
        "p",
        "div",
        "section",
        "article",
        "address",
        "blockquote",
        "dl",
        "dt",
        "dd",
        "fieldset",
        "form",
        "pre",
        "hr",
        "figure",
        "figcaption",
        "header",
        "footer",
        "main",
        "nav",
        "aside",
        "option",
    }
)
UNCARRIED = {
    "img": "a picture",
    "iframe": "an embedded page",
    "video": "a video",
    "audio": "a recording",
    "object": "an embedded object",
    "embed": "an embedded object",
    "input": "a control of its own",
    "textarea": "a control of its own",
    "select": "a control of its own",
    "script": "a script",
    "button": "a button of its own",
}

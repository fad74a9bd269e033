"""The Jinja2 environment: the official macros beside our own templates, escaping on."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cache

from django.templatetags.static import static
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup

from townhall.ui.drawn import Once
from townhall.ui.words import NAMES


@cache
def environment() -> Environment:
    """Build the environment once; the macros are imported by ``govuk_frontend_jinja/...``."""
    loader = ChoiceLoader(
        [
            PackageLoader("townhall.ui"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    made = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.globals["static"] = static
    made.globals["fixed"] = fixed
    made.globals["language_names"] = NAMES
    return made


def component(name: str, params: Mapping[str, object]) -> Markup:
    """Draw one GOV.UK component, for example ``component("input", {...})``.

    The parameters are those of the component's Nunjucks macro. Only ``html`` keys are trusted.
    """
    template = environment().get_template(f"govuk_frontend_jinja/components/{name}/macro.html")
    macro = getattr(template.module, _macro(name))
    return Markup(macro(params))  # noqa: S704 - the macro escapes; autoescape is on


_fixed: Once[Markup] = Once(5_000)


def fixed(name: str, params: Mapping[str, object]) -> Markup:
    """Draw a component whose parameters hold nothing that a person typed, and keep it.

    For what the house itself says: buttons, back links, the skip link. Never for answers or errors.
    """
    return _fixed.get((name, _frozen(params)), lambda: component(name, params))


def _frozen(value: object) -> Hashable:
    if isinstance(value, Mapping):
        return tuple((key, _frozen(inner)) for key, inner in value.items())
    return (type(value), value)


def _macro(name: str) -> str:
    return "govuk" + "".join(part.capitalize() for part in name.split("-"))


def fragment(name: str, **given: object) -> Markup:
    """Draw one of our own small templates under ``townhall/fragments``."""
    template = environment().get_template(f"townhall/fragments/{name}.html")
    return Markup(template.render(**given))  # noqa: S704 - autoescape is on

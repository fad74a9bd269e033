"""An address or a number as a link, in the middle of a sentence that is not a template's."""

from markupsafe import Markup

from townhall.ui.environment import environment


def email_link(address: str) -> Markup:
    """Give an email address as a link that begins a message."""
    return _drawn("email", address)


def phone_link(number: str) -> Markup:
    """Give a telephone number as a link that calls it."""
    return _drawn("phone", number)


def _drawn(macro: str, text: str) -> Markup:
    drawn = getattr(environment().get_template("townhall/contact.html").module, macro)(text)
    return Markup(drawn)  # noqa: S704 - the macro escapes; autoescape is on

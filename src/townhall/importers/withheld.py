"""What an import never carries: destinations, keys, addresses, branding, sign-in."""

from __future__ import annotations

from typing import Any

from townhall.importers import fields
from townhall.importers.findings import Findings

_READ = frozenset(
    {
        "startPage",
        "pages",
        "lists",
        "sections",
        "conditions",
        "name",
        "declaration",
        "engine",
        "schema",
        "version",
        "title",
        "id",
        "values",
    }
)
_SILENT_WHEN_EMPTY: tuple[object, ...] = (None, "", [], {}, False)

_WITHHELD = {
    "outputs": "A destination for answers",
    "payApiKey": "A payment key",
    "feeOptions": "Settings and keys of payment",
    "jwtKey": "A signing key",
    "webhookHmacSharedKey": "A signing key",
    "analytics": "An analytics account",
    "feedback": "A feedback address",
    "phaseBanner": "A banner of the old service",
    "serviceName": "The name of the old service",
    "fullStartPage": "The address of the old start page",
    "backLinkText": "The wording of the back link",
    "authentication": "Signing in",
    "toggle": "Signing in",
    "toggleRedirect": "Signing in",
    "magicLinkConfig": "Signing in by a link in an email",
    "allowedDomains": "Which email domains may sign in",
    "invalidDomainRedirect": "An address of the old service",
    "returnTo": "An address of the old service",
    "exitOptions": "An address of the old service",
    "confirmationSessionTimeout": "A time limit of the old service",
    "notificationEmail": "A destination for answers",
    "output": "A destination for answers",
    "options": "Settings of the old service",
    "metadata": "Notes of the old service",
    "footer": "The footer of the old service",
    "organisation": "The organisation of the old service",
}
_WHY = {
    "outputs": "A destination is registered by the council, with what it may be sent.",
    "metadata": "They are the old service’s own.",
}
_OTHERWISE = "It belongs to the old service and its operator."


def list_withheld(plain: dict[str, Any], findings: Findings) -> None:
    """List by path what is left out by rule, and what has no meaning here.

    No value is repeated: a key, an address or an account must not come out again in a report.
    """
    for key, value in plain.items():
        if key in _READ or value in _SILENT_WHEN_EMPTY:
            continue
        if key == "fees":
            _list_fees(value, findings)
        elif key == "skipSummary":
            findings.loss(
                key,
                "The source sends answers without showing them first.",
                "People always see what they are about to send here.",
                "Check answers is shown.",
            )
        elif key == "specialPages":
            _list_special(fields.mapping(value), findings)
        else:
            _list_key(key, value, findings)
    _list_pages(plain, findings)


def _list_key(key: str, value: object, findings: Findings) -> None:
    what = _WITHHELD.get(key)
    if what is None:
        findings.note(key, f"`{key}` has no meaning here.", _OTHERWISE, "Left out.")
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for at, one in fields.mappings(value):
            kind = fields.text(one.get("type"))[:40]
            shown = f"{what} ({kind})." if kind else f"{what}."
            findings.withheld(f"{key}[{at}]", shown, _WHY.get(key, _OTHERWISE))
    else:
        findings.withheld(key, f"{what}.", _WHY.get(key, _OTHERWISE))


def _list_fees(value: object, findings: Findings) -> None:
    for at, fee in fields.mappings(value):
        findings.loss(
            f"fees[{at}]",
            f"A fee: {fields.text(fee.get('description'))[:200] or 'without a description'}.",
            "Prices live in the council’s dated fee table, which the file cannot know.",
            "Nothing is charged; add a `fee:` line.",
        )


def _list_special(special: dict[str, Any], findings: Findings) -> None:
    confirmation = fields.mapping(special.get("confirmationPage"))
    texts = fields.mapping(confirmation.get("customText"))
    for key in sorted(set(texts) - {"nextSteps"}):
        if texts[key]:
            findings.loss(
                f"specialPages.confirmationPage.customText.{key}",
                "The confirmation page has wording of its own.",
                "The panel and its reference are always worded the same here.",
                "Our wording.",
            )
    if confirmation.get("components"):
        findings.loss(
            "specialPages.confirmationPage.components",
            "The confirmation page shows components of its own.",
            "Ours says what happens next.",
            "Left out.",
        )
    for key in sorted(set(special) - {"confirmationPage"}):
        if special[key]:
            findings.withheld(f"specialPages.{key}", "A page of the old service.", _OTHERWISE)


def _list_pages(plain: dict[str, Any], findings: Findings) -> None:
    for at, page in fields.mappings(plain.get("pages")):
        for key, what in (
            ("events", "A call to another service when the page is sent"),
            ("sidebarContent", "Links beside the page"),
            ("backLinkFallback", "The address of the back link"),
        ):
            if page.get(key):
                findings.withheld(f"pages[{at}].{key}", f"{what}.", _OTHERWISE)
        for index, link in fields.mappings(page.get("next")):
            if link.get("redirect"):
                findings.loss(
                    f"pages[{at}].next[{index}].redirect",
                    "A way on leaves for another website.",
                    "Routes stay inside a service here.",
                    "Left out.",
                )

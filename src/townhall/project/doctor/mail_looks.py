"""Looks at where messages leave: each door is knocked at, and nothing is sent."""

import os
from collections.abc import Iterable, Iterator, Mapping

from townhall.engine.council import Council, Destination
from townhall.engine.faults import InvalidDefinition
from townhall.notify import senders, standin_address
from townhall.notify.govuk_notify import NotifySender
from townhall.notify.senders import Senders
from townhall.notify.smtp import SmtpSender
from townhall.outbox.errors import DeliveryError
from townhall.project import house
from townhall.project.doctor.findings import Asked, Finding, bad, ok, warn

CHECK = "mail"
SECONDS_TO_KNOCK = 5.0


def look_at_the_doors(asked: Asked) -> Iterable[Finding]:
    """Whether mail, Notify and webhooks could be sent now, and what is sent by each."""
    try:
        council, ways = house.council(), house.senders()
    except (house.NoCouncil, InvalidDefinition):
        return []
    if not ways.live:
        return [_standin(asked)]
    return [*_mail(council), *_notify(council, ways), *_webhooks(council)]


def _standin(asked: Asked) -> Finding:
    said = "Nothing leaves this machine: the stand-in files it"
    try:
        SmtpSender(standin_address.mail_server(asked.data), SECONDS_TO_KNOCK).reach()
    except DeliveryError:
        return warn(
            CHECK,
            f"{said}, and it does not answer: deliveries wait.",
            "`townhall serve` runs it.",
        )
    return ok(CHECK, f"{said}, and it answers.")


def _mail(council: Council) -> Iterator[Finding]:
    used = ["acknowledgements"] if council.acknowledgements else []
    used += ["tellings of trouble", *_of_kind(council, "email")]
    try:
        server = senders.mail_server(os.environ)
    except DeliveryError:
        yield bad(
            CHECK,
            f"No mail can be sent ({', '.join(used)}): the mail relay is not set.",
            "Set TOWNHALL_SMTP_HOST and TOWNHALL_MAIL_FROM as the server has them.",
        )
        return
    where = f"The mail relay {server.host}:{server.port}"
    try:
        SmtpSender(server, SECONDS_TO_KNOCK).reach()
    except DeliveryError as fault:
        yield bad(
            CHECK,
            f"{where} does not take us ({fault.error_class}): {', '.join(used)} wait.",
            "Ask whoever runs it; look at TOWNHALL_SMTP_SECURITY, _USER and _PASSWORD.",
        )
    else:
        yield ok(CHECK, f"{where} takes us, for {', '.join(used)}.")


def _notify(council: Council, ways: Senders) -> Iterator[Finding]:
    for name, one in _of_kind(council, "notify").items():
        sender = ways.to_destination(name, one).sender
        if not isinstance(sender, NotifySender):
            continue
        try:
            sender.reach(SECONDS_TO_KNOCK)
        except DeliveryError as fault:
            yield bad(
                CHECK,
                f"GOV.UK Notify cannot be used for {name} ({fault.error_class}).",
                f"Look at {one.secret or 'TOWNHALL_NOTIFY_KEY'}, and whether the firewall lets "
                "this machine out.",
            )
        else:
            yield ok(CHECK, f"GOV.UK Notify answers, for {name}.")


def _webhooks(council: Council) -> Iterator[Finding]:
    for name, one in _of_kind(council, "webhook").items():
        secret = one.secret or "TOWNHALL_WEBHOOK_SECRET"
        if os.environ.get(secret):
            yield ok(CHECK, f"The webhook {name} has its secret. It is not called from here.")
        else:
            yield bad(
                CHECK,
                f"The webhook {name} has no secret, so nothing is delivered to it.",
                f"Set {secret} as the server has it.",
            )


def _of_kind(council: Council, kind: str) -> Mapping[str, Destination]:
    return {name: one for name, one in council.destinations.items() if one.kind == kind}

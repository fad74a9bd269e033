"""Sending one message to one recipient: SMTP, GOV.UK Notify, webhooks, and the local stand-in."""

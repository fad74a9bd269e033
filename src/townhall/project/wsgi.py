"""The door for a WSGI server."""

import os

import django

from townhall.project import lifeline

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "townhall.project.settings")
lifeline.follow_parent()
django.setup(set_prefix=False)

from townhall.project.handler import Pages  # noqa: E402 - its settings stand only now

application = Pages()

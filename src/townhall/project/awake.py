"""Django, set up for a process that answers: import this before what needs the settings."""

import os

import django

from townhall.project import lifeline

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "townhall.project.settings")
lifeline.follow_parent()
django.setup(set_prefix=False)

"""Hands the tables of wiring.py down once Django is ready."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The house as a whole; it has no records."""

    name = "townhall.project"
    label = "project"

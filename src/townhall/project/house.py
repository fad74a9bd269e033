"""The council's own settings and prices, read once from the folders of services."""

import os
from functools import cache, reduce

from django.conf import settings

from townhall.engine.council import Council
from townhall.engine.fees import FeeTables
from townhall.engine.library import Library
from townhall.notify.senders import Senders


class NoCouncil(LookupError):
    """No folder of services holds a council.yaml."""


@cache
def library() -> Library:
    """What the folders of services hold besides services; a later folder's settings win.

    In a rehearsal the council is a demonstration, whatever its settings say. Raises
    InvalidDefinition with the place of a fault in one of them.
    """
    shelf = reduce(Library.with_folder, settings.SERVICES, Library.shipped())
    return shelf.demonstrated() if settings.REHEARSAL else shelf


def council() -> Council:
    """Who the council is. Raises NoCouncil."""
    found = library().council
    if found is None:
        raise NoCouncil("put a council.yaml beside the services, and name its folder")
    return found


def fees() -> FeeTables:
    """The dated prices."""
    return library().fees


def senders() -> Senders:
    """How messages leave, or how they reach the local stand-in instead."""
    found = library().council
    shown = settings.REHEARSAL or found is None or found.demonstration
    return Senders(os.environ, settings.DATA, shown)

"""Reads other builders' forms and writes them in Townhall's language; nothing is dropped silently."""

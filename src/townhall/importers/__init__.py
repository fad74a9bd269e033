"""Reads other builders' forms and writes them in our language; nothing is dropped silently."""

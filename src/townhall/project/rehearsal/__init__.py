"""Rehearsals: whole Townhalls in which nothing is sent, held or counted, and nothing live is known.

docs/rehearsal.md says what each part is for.
"""

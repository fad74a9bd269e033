"""Statements made ready once, for what every request asks of the database."""

"""Views: parse, call one thing, draw."""

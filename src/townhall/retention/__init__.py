"""Deletes what the council no longer has a reason to keep, and says that it did."""

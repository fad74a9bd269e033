"""Drafts, submissions, their sealing, delivery, export and keeping."""

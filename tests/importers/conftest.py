"""Tests that need the corpus of published forms are collected only where it is."""

from tests.importers.named_forms import CORPUS

collect_ignore = [] if CORPUS else ["test_same_routes.py", "test_corpus.py"]

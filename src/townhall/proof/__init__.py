"""Proves a definition before it goes live, says it in plain words, and helps to write it."""

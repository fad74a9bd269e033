"""Tests of the senders."""

"""Backups: made while everything runs, proven before they are used, and put back whole.

It keeps no records of its own, and has to know every room's, so it stands in ``project``.
"""

"""Kills, faults and full disks, against real processes."""

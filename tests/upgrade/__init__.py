"""What an earlier release stored, and this release's going on with it."""

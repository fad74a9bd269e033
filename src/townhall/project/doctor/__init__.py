"""`townhall doctor`: everything that can be wrong with an installation, looked at in one go."""

"""Settings, wiring and the command line: sees every app and is seen by none."""

"""Why a backup or a restore is not done."""


class Refused(Exception):
    """Nothing was changed. ``code`` is stable; the message says what to do, and holds no secret."""

    def __init__(self, code: str, message: str) -> None:
        """Keep both; printed as ``code: message``."""
        super().__init__(f"{code}: {message}")
        self.code = code

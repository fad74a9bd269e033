"""The house's own settings, but for how long it waits for a locked database: one second."""

from typing import Any

from townhall.project import settings as house

globals().update({name: getattr(house, name) for name in dir(house) if name.isupper()})
DATABASES: dict[str, dict[str, Any]] = {"default": dict(house.DATABASES["default"])}
_options = dict(DATABASES["default"]["OPTIONS"])
if "timeout" in _options:
    _options["timeout"] = 1
else:
    _options["options"] = f"{_options['options']} -c lock_timeout=1s"
DATABASES["default"]["OPTIONS"] = _options

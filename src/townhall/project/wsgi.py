"""The door for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from townhall.project import lifeline

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "townhall.project.settings")
lifeline.follow_parent()

application = get_wsgi_application()

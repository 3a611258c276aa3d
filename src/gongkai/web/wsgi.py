"""The door for gunicorn: ``gongkai.web.wsgi:application``."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from gongkai.web import begin

begin()
application = get_wsgi_application()

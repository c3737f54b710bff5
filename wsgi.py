"""The WSGI callable: the public site at /, the console at /console."""

import os

from app import create_public
from app.config import Settings
from app.database import Database

settings = Settings.from_env(os.environ)
application = create_public(settings, Database(settings.database_url))

"""The WSGI callable of the public site: the portal and the survey."""

import os

from app.config import Settings
from app.database import Database
from app.web.public import create_public

settings = Settings.from_env(os.environ)
database = Database(settings.database_url)
database.assert_durable()
application = create_public(settings, database)

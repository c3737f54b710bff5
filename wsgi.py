"""The WSGI callable: the public site at /, the console at /console."""

import os

from app.wsgi import create_application

application = create_application(os.environ)

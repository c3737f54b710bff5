"""The peers' tests walk with the phone of the browser tests, and sit at the console of those of the desk."""

from tests.app.web.console.conftest import console, sign_in
from tests.e2e.fixtures import isle, phone

__all__ = ["console", "isle", "phone", "sign_in"]

import json
from pathlib import Path
from typing import Any

import pytest

from scoring.edition import Edition, load_edition

GOLDEN = Path(__file__).parents[1] / "golden"


def golden(name: str) -> Any:
    return json.loads((GOLDEN / name).read_text())


@pytest.fixture(scope="session")
def standard() -> Edition:
    return load_edition("standard_2019")

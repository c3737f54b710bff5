"""Numbers as pages write them: a real minus, in every language."""

import pytest
from flask import Flask

from app.web.language import number, speak


@pytest.mark.parametrize(("language", "told"), [("kk", "−8,4"), ("ru", "−8,4"), ("en", "−8.4")])
def test_what_is_below_nothing_has_a_real_minus(public: Flask, language: str, told: str) -> None:
    with public.app_context():
        speak(language)
        assert (number(-8.4, 1), number(8)) == (told, "8")

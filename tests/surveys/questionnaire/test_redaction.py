import pytest

from surveys.questionnaire.redaction import MASK, is_identity_number, masked, tidied


@pytest.mark.parametrize(
    "text",
    [
        "Хабарласыңыз: +7 701 123 45 67",
        "тел. 87011234567",
        "пишите ivan.petrov+1@example.kz",
        "карта 4400 4301 2345 6789",
        "счёт KZ86 125K ZT50 0410 0100",
    ],
)
def test_what_identifies_a_person_is_masked(text: str) -> None:
    assert MASK in masked(text)
    assert not any(part in masked(text) for part in ("701", "example", "6789", "125K"))


@pytest.mark.parametrize("text", ["Ауладағы 12 үйдің жолы, 2026 жылғы 24 қараша", "Бюджет 1 500 000 000 теңге", "105"])
def test_ordinary_numbers_stay(text: str) -> None:
    assert masked(text) == text


# Check digits worked out by hand from the published rule: weights 1…11 modulo 11, then 3…11,1,2.
@pytest.mark.parametrize(("digits", "valid"), [("123456789012", False), ("000000000000", True), ("100000000001", True)])
def test_the_check_digit_decides_about_twelve_digits(digits: str, valid: bool) -> None:
    assert is_identity_number(digits) is valid
    assert (masked(f"ЖСН {digits}") == f"ЖСН {digits}") is not valid


def test_typed_text_takes_one_form() -> None:
    assert tidied("  a\r\nb\x00\x07c\ud800 ") == "a\nbc"

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.ballots.damm import check_digit
from surveys.identity.codes import CodeError, CodeFault, grouped, read_code

DIGITS = st.text("0123456789", min_size=15, max_size=15).map(lambda digits: digits + check_digit(digits))


@given(DIGITS)
def test_a_code_is_read_back_however_it_is_spaced(code: str) -> None:
    fours = grouped(code)
    for typed in (code, fours, f"\t{fours} \n", code.replace("", "-"), fours.replace(" ", "\u00a0")):
        assert read_code(typed) == code


@given(DIGITS, st.integers(0, 15), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(code: str, position: int, more: int) -> None:
    wrong = code[:position] + str((int(code[position]) + more) % 10) + code[position + 1 :]
    with pytest.raises(CodeError) as refused:
        read_code(wrong)
    assert refused.value.fault is CodeFault.MISTYPED


@given(DIGITS, st.integers(0, 14))
def test_every_swap_of_neighbours_is_found(code: str, position: int) -> None:
    swapped = code[:position] + code[position + 1] + code[position] + code[position + 2 :]
    if swapped != code:
        with pytest.raises(CodeError) as refused:
            read_code(swapped)
        assert refused.value.fault is CodeFault.MISTYPED


@given(st.text("0123456789 -x\u0663", max_size=40) | st.text(max_size=40))
def test_any_text_of_another_length_is_refused(text: str) -> None:
    digits = text.translate(str.maketrans("", "", " -\u00a0"))
    if not (len(digits) == 16 and digits.isdigit()):
        with pytest.raises(CodeError) as refused:
            read_code(text)
        assert refused.value.fault is CodeFault.NOT_SIXTEEN

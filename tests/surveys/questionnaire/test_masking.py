"""What is masked of a thousand made-up numbers of people, and of a thousand lines with ordinary numbers."""

import random
from collections.abc import Callable
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo.suggestions import demo_suggestions
from surveys.questionnaire.redaction import MASK, is_identity_number, masked, masked_in_place

DRAW = random.Random(2026)
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALIKE = "АВЕКМНОРСТУХ"


def digits(n: int) -> str:
    return "".join(DRAW.choices("0123456789", k=n))


def grouped(number: str, sizes: tuple[int, ...], gap: str) -> str:
    signs = iter(number)
    return gap.join("".join(islice(signs, size)) for size in sizes)


def checked(first: str) -> str:
    return next((first + last for last in "0123456789" if is_identity_number(first + last)), "") or iin()


def iin() -> str:
    born = f"{DRAW.randrange(100):02}{DRAW.randint(1, 12):02}{DRAW.randint(1, 28):02}"
    return checked(f"{born}{DRAW.randint(1, 6)}{digits(4)}")


def bin_number() -> str:
    return checked(
        f"{DRAW.randrange(100):02}{DRAW.randint(1, 12):02}{DRAW.randint(4, 6)}{DRAW.randint(0, 3)}{digits(5)}"
    )


def identity() -> str:
    number = DRAW.choice((iin, bin_number))()
    return DRAW.choice((number, number, grouped(number, (6, 6), " "), grouped(number, (4, 4, 4), "-")))


def telephone() -> str:
    code = DRAW.choice(("700", "701", "702", "705", "707", "708", "747", "771", "775", "776", "777", "778"))
    rest, before = digits(7), DRAW.choice(("+7", "8", "7", "+7 ", "8 ", "8-", ""))
    forms = (
        code + rest,
        grouped(code + rest, (3, 3, 2, 2), " "),
        grouped(code + rest, (3, 3, 2, 2), "-"),
        grouped(code + rest, (3, 7), " "),
        f"({code}) {grouped(rest, (3, 2, 2), '-')}",
        f"{code} {grouped(rest, (3, 4), ' ')}",
    )
    return before + DRAW.choice(forms)


def landline() -> str:
    code, rest = DRAW.choice((("7172", 6), ("727", 7), ("7292", 6), ("7252", 6), ("7212", 6)))
    number = grouped(digits(rest), (rest - 4, 2, 2), "-")
    return DRAW.choice((f"8 ({code}) {number}", f"({code}) {number}", f"8 {code} {number}", f"тел. {number}"))


def card() -> str:
    number = DRAW.choice("2456") + digits(15)
    return DRAW.choice((number, grouped(number, (4, 4, 4, 4), " "), grouped(number, (4, 4, 4, 4), "-")))


def account() -> str:
    number = f"KZ{digits(5)}{''.join(DRAW.choices(LATIN + '0123456789' * 5, k=13))}"
    return DRAW.choice((number, grouped(number, (4, 4, 4, 4, 4), " "), number.lower()))


def email() -> str:
    name = "".join(DRAW.choices("abcdefghijklmnopqrstuvwxyz._-0123456789", k=8)).strip(".-_") or "a"
    return f"{name}@{DRAW.choice(('mail.example', 'example.kz', 'post.example.com'))}"


def plate() -> str:
    alphabet = DRAW.choice((LATIN, LATIN, ALIKE))
    letters = "".join(DRAW.choices(alphabet, k=DRAW.choice((3, 3, 3, 2))))
    gap, region = DRAW.choice((" ", " ", "", "-")), f"{DRAW.randint(1, 20):02}"
    new = gap.join((digits(3), letters, region))
    number = DRAW.choice((new, new, new, new, gap.join((DRAW.choice(alphabet), digits(3), letters))))
    return DRAW.choice((number, number, number, f"машина {number.lower()}"))


def place() -> str:
    north, east = f"{DRAW.randint(41, 54)}.{digits(5)}", f"{DRAW.randint(51, 86)}.{digits(5)}"
    return DRAW.choice((f"{north}, {east}", f"{north} {east}", f"{north}° N, {east}° E", f"{east},{north}"))


KINDS = (identity, identity, telephone, telephone, landline, card, account, email, plate, plate, place)
AROUND = (
    "Хабарласыңыз: {}",
    "көмектесіңіздер {} рақмет",
    "{} позвоните",
    "мой номер {}, жду ответа",
    "Под окном стоит {}. Уберите",
    "({})",
    "please write to {} soon",
    "Біздің үй {} жанында",
)


@pytest.mark.parametrize("kind", dict.fromkeys(KINDS))
def test_of_a_thousand_numbers_of_people_nearly_all_are_masked(kind: Callable[[], str]) -> None:
    lines = [DRAW.choice(AROUND).format(f"\0{kind()}\0") for _ in range(1_000)]
    missed = [line for line in lines if left_of(line)]
    assert len(missed) <= 10, missed[:20]


def left_of(line: str) -> bool:
    """Tell whether more than a word that is no number is left of what stands between the marks."""
    before, number, after = line.split("\0")
    hidden = masked(before + number + after)
    return not hidden.startswith(before) or not hidden.endswith(after) or any(map(str.isdigit, hidden))


ORDINARY = (
    "Ауладағы {a} үйдің жолы {year} жылы жөнделген",
    "Бюджет {a} {ccc} {ccc} {ccc} теңге болды",
    "На ремонт потрачено {a} {ccc} {ccc} {ccc} тенге",
    "{bb} мкр {bb} дом, {bb} квартира, жарық жоқ",
    "{bb} МКР {bb} ДОМ, НЕТ ВОДЫ",
    "живу в {ccc} мкр {bb} дом",
    "В {ccc} мкр нет воды",
    "Проехал {ccc} км {bb} раз",
    "Автобус {bb} ходит в {h}:{m} и {h}:{m}",
    "Көшеде {ccc} мен {bb} үйдің арасында шұңқыр бар",
    "Маршрут {ccc} на {bb} минут опаздывает",
    "Маршруты 12, 35, 47, 61 және {ccc} аз жүреді",
    "Заявка № {dddd}-{dddd} от {d}.{mo}.{year}",
    "Өтініш нөмірі ЖТ-{year}-{dddd}{dddd} жауапсыз",
    "Заявку ЖТ-{year}-{dddd}{dddd} закрыли",
    "Кадастровый номер {bb}:{ccc}:{ccc}:{ccc}",
    "Норма {ccc} кВт {bb} копеек",
    "В классе {bb} детей, школа № {ccc}, смена {a}",
    "Балабақша кезегі {dddd}{ccc}, былтыр {dddd} еді",
    "Тариф вырос с {ccc} до {ccc},{bb} тенге за куб",
    "Температура -{bb}, в квартире +{bb}",
    "за {year}, {year} и {year} годы ничего",
    "{year}-{year}-{year} жылдары жол салынбады",
    "Дом сдан в {year} году, {bb} этажей, {ccc} квартир",
    "Звонил 109, 112 и 103, ждал {bb} минут",
    "звонила {bb} раз за {ccc} дней",
    "В {h}:{m} {d}.{mo}.{year} прорвало трубу",
    "Площадь {dddd} кв м, высота {bb} м, {ccc} см",
    "Ақысы {bb} {ccc} теңгеден {bb} {ccc} теңгеге өсті",
    "Зарплата {ccc} {ccc} тенге, пенсия {bb} {ccc}",
    "пр. Абая {bb}/{bb}, корпус {a}",
    "ПДК превышена в {a},{bb} раза, PM2.5 {ccc} мкг",
    "The bus {ccc} comes every {bb} minutes, not {bb}",
    "Room {ccc} and {bb} others have no light",
    "We paid {ccc} for {bb} days in {year}",
    "{ccc} men {bb} uidin arasy qarangy",
    "Закон {year} года, статья {bb}, пункт {a}.{bb}",
    "Скорость {ccc} Mbit {bb} вечером",
    "Дамба {bb},{ccc} м, уровень {bb},{ccc} м",
    "Счёт {a} из {bb}, участок {ccc}, очередь {dddd}{dddd}",
    "Сайт gov.kz и портал egov.kz не открываются {bb} дней",
    "Аллергия на 3 из 10 продуктов, {ccc} г",
    "Лот {dddd}{ccc}, сумма {a} {ccc} {ccc}.{bb}",
    "{bb} ноября {year} года, {h} часов",
    "Қалада {ccc} {ccc} адам тұрады, {ccc} автобус бар",
    "Airbus A320neo гудит над домом {ccc}",
)


def ordinary(form: str) -> str:
    values = {
        "a": str(DRAW.randint(1, 9)),
        "bb": str(DRAW.randint(10, 99)),
        "year": str(DRAW.randint(1995, 2030)),
        "h": str(DRAW.randint(6, 22)),
        "m": f"{DRAW.randint(0, 59):02}",
        "d": f"{DRAW.randint(1, 28):02}",
        "mo": f"{DRAW.randint(1, 12):02}",
    }
    line = form.format_map({**values, "ccc": "\1", "dddd": "\2"})
    while "\1" in line or "\2" in line:
        line = line.replace("\1", str(DRAW.randint(100, 999)), 1).replace("\2", str(DRAW.randint(1000, 9999)), 1)
    return line


def test_of_a_thousand_lines_with_ordinary_numbers_nearly_all_stay() -> None:
    lines = [ordinary(ORDINARY[number % len(ORDINARY)]) for number in range(1_000)]
    wrong = [line for line in lines if masked(line) != line]
    assert len(wrong) <= 5, wrong


def test_suggestions_lose_what_names_a_person_and_nothing_else() -> None:
    texts = [each.text for each in demo_suggestions()]
    changed = [text for text in texts if masked(text) != text]
    named = ("+7", "8 7", "8 (7", "@", "ИИН", "http", "123 ABC", "A 123", "456 BCD", "42.3417")
    assert [text for text in changed if not any(name in text for name in named)] == []
    assert len(changed) >= 11


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("смотрите https://example.kz/a/b?c=7011234567#d.", "смотрите https://example.kz."),
        ("2gis.kz/almaty/geo/70000001/76.9,43.2 вот", "2gis.kz вот"),
        ("https://user:word@example.kz:8080/x", "https://example.kz"),
    ],
)
def test_of_a_link_its_host_is_left(text: str, left: str) -> None:
    assert masked(text) == left


@pytest.mark.parametrize(
    "text", ["в 105 мкр", "100 км 15", "120 кВт 15 минут", "200 мен 15", "к 120 мкр", "Т 123 456", "12 МКР 15 ДОМ"]
)
def test_what_only_looks_like_a_plate_stays(text: str) -> None:
    assert masked(text) == text


TEXTS = st.lists(
    st.one_of(
        st.sampled_from(
            ("123 ABC 02", "a@b.cd", "https://", "example.kz/x", "+7 701 123 45 67", "тел.", "█", " ", "\n")
        ),
        st.text(max_size=12),
        st.text("0123456789- +()ABКZавс.,/@:№", max_size=20),
    ),
    max_size=12,
).map("".join)


@given(TEXTS)
def test_masking_masks_once_for_all_and_makes_nothing_longer(text: str) -> None:
    once, in_place = masked(text), masked_in_place(text)
    assert len(once) <= len(text) == len(in_place)
    assert masked_in_place(in_place) == in_place
    assert masked(in_place).count(MASK[0]) <= in_place.count(MASK[0])
    if MASK[0] not in once:
        assert once == text or "/" in text or "://" in text or "@" in text

"""Passes of operators: one person each, revoked at once, so many a day, and nothing kept finer than a day."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from surveys.ballots.macs import mac
from surveys.fieldwork.passes import (
    Operator,
    PassError,
    PassOrder,
    PassOrderError,
    admit_operator,
    enter_first_format,
    find_operator,
    forms_on,
    give_form_back,
    give_pass,
    list_passes,
    revoke_pass,
    take_form,
)
from surveys.models import FormSeries
from tests.builders.country import BUSINESSES, RESIDENTS, Country, make_country

KEY, OTHER = b"k" * 32, b"o" * 32
DAY = date(2027, 4, 30)
ORDER = PassOrder(" Әсел  Нұрланқызы ", RESIDENTS, "almaty", "link", DAY, 2)


def given(country: Country, order: PassOrder = ORDER) -> tuple[str, str]:
    with country.database.writing() as session:
        return give_pass(session, KEY, order)


def find(country: Country, typed: str, today: date = DAY, wave: str = RESIDENTS, key: bytes = KEY) -> Operator:
    with country.database.reading() as session:
        return find_operator(session, key, wave, typed, today=today)


def take(country: Country, operator: Operator, day: date = DAY) -> None:
    with country.database.writing() as session:
        take_form(session, operator, day)


def on(country: Country, operator: Operator, day: date = DAY) -> int:
    with country.database.reading() as session:
        return forms_on(session, operator, day)


def test_a_pass_names_its_operator_and_is_read_however_it_is_typed(country: Country) -> None:
    code, typed = given(country)
    operator = Operator(code, "Әсел Нұрланқызы", RESIDENTS, "almaty", "link", 2)
    for text_typed in (typed, f"  {typed.lower()}\n", typed.replace("-", " "), typed.replace("O", "0")):
        assert find(country, text_typed) == operator


def test_the_database_cannot_open_what_a_pass_opens(country: Country) -> None:
    _code, typed = given(country)
    with country.database.reading() as session:
        row = str(session.execute(text("SELECT * FROM operator_pass")).all())
    assert typed not in row
    assert typed.replace("-", "") not in row
    with pytest.raises(PassError, match="unknown"):
        find(country, typed, key=OTHER)


def test_a_pass_is_good_until_its_last_day_and_for_its_wave(country: Country) -> None:
    _code, typed = given(country)
    with pytest.raises(PassError, match="expired"):
        find(country, typed, DAY + timedelta(days=1))
    with pytest.raises(PassError, match="unknown"):
        find(country, typed, wave=BUSINESSES)


@pytest.mark.parametrize("typed", ["", "2", "2-AAAA", "a.b.c.d.e", "\ud800", "2.x", "."])
def test_any_other_text_is_no_pass(country: Country, typed: str) -> None:
    with pytest.raises(PassError, match="unknown"), country.database.writing() as session:
        admit_operator(session, KEY, RESIDENTS, typed, today=DAY)


def test_a_revoked_pass_opens_nothing_and_what_came_under_it_stays(country: Country) -> None:
    code, typed = given(country)
    operator = find(country, typed)
    take(country, operator)
    for _time in range(2):
        with country.database.writing() as session:
            assert revoke_pass(session, RESIDENTS, code, today=DAY).revoked_on == DAY
    with pytest.raises(PassError, match="revoked"):
        find(country, typed)
    with pytest.raises(PassError, match="revoked"):
        take(country, operator)
    with country.database.reading() as session:
        assert [(each.forms, each.days) for each in list_passes(session, RESIDENTS)] == [(1, ((DAY, 1),))]


def test_a_pass_that_is_not_there_is_not_revoked(country: Country) -> None:
    with pytest.raises(PassOrderError, match="no pass x"), country.database.writing() as session:
        revoke_pass(session, RESIDENTS, "x", today=DAY)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"operator": "  "}, "one person"),
        ({"operator": "x" * 81}, "one person"),
        ({"per_day": 0}, "one answer a day"),
        ({"city": "paris"}, "does not ask in paris"),
    ],
)
def test_a_pass_nobody_can_answer_for_is_not_given(country: Country, change: dict[str, object], why: str) -> None:
    with pytest.raises(PassOrderError, match=why):
        given(country, ORDER._replace(**change))  # type: ignore[arg-type]


def test_a_pass_allows_so_many_a_day_and_begins_anew_the_next(country: Country) -> None:
    operator = find(country, given(country)[1])
    other = find(country, given(country, ORDER._replace(operator="Б"))[1])
    take(country, operator)
    take(country, operator)
    with pytest.raises(PassError, match="used_up"):
        take(country, operator)
    take(country, other)
    take(country, operator, DAY - timedelta(days=1))
    assert (on(country, operator), on(country, other), on(country, operator, DAY - timedelta(days=1))) == (2, 1, 1)


def test_a_ceiling_holds_for_operators_who_store_at_once(country: Country) -> None:
    operators = [find(country, given(country, ORDER._replace(operator=name, per_day=5))[1]) for name in "АБ"]

    def taken(operator: Operator) -> bool:
        with suppress(PassError):
            take(country, operator)
            return True
        return False

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(taken, operators * 9))
    assert sum(results) == 10
    assert [on(country, operator) for operator in operators] == [5, 5]


def test_what_was_not_stored_is_given_back(country: Country) -> None:
    operator = find(country, given(country)[1])
    for _form in range(5):
        take(country, operator)
        with country.database.writing() as session:
            give_form_back(session, operator, DAY)
    assert on(country, operator) == 0


def test_a_lower_ceiling_holds_at_once(country: Country) -> None:
    operator = find(country, given(country)[1])
    take(country, operator)
    with country.database.writing() as session:
        session.execute(text("UPDATE operator_pass SET per_day = 1"))
    with pytest.raises(PassError, match="used_up"):
        take(country, operator)


@pytest.mark.postgres
def test_no_row_tells_who_typed_last(postgres: Database, settings: Settings, clock: FrozenClock) -> None:
    """Each writing renews the numbers of all operators of a day: PostgreSQL's numbers of transactions are the same."""
    country = make_country(postgres, settings.keys, today=clock.today())
    first, second = (find(country, given(country, ORDER._replace(operator=name))[1]) for name in "АБ")
    for operator in (first, second, first):
        take(country, operator)
    with country.database.reading() as session:
        marks = session.execute(text("SELECT xmin FROM operator_day")).scalars().all()
    assert len(marks) == 2
    assert len(set(marks)) == 1


def first_format(key: bytes, wave: str = RESIDENTS, city: str = "oral") -> str:
    """Sign a pass as the release of November 2026 did."""
    head = f"{wave}.{city}.poster.{DAY.isoformat()}"
    return f"{head}.{mac(key, b'operator', head.encode())[:15].hex()}"


def test_a_pass_of_the_release_before_is_entered_limited_and_revoked(country: Country) -> None:
    typed = first_format(KEY)
    with pytest.raises(PassError, match="unknown"), country.database.writing() as session:
        admit_operator(session, KEY, RESIDENTS, typed, today=DAY)
    with country.database.writing() as session:
        session.add(FormSeries(wave=RESIDENTS, printed=0, reads_first_format=True))
    for _time in range(2):
        with country.database.writing() as session:
            operator = admit_operator(session, KEY, RESIDENTS, typed, today=DAY)
    assert operator == find(country, typed) == Operator(operator.code, "", RESIDENTS, "oral", "poster", 100)
    with country.database.writing() as session:
        assert revoke_pass(session, RESIDENTS, operator.code, today=DAY)
    with pytest.raises(PassError, match="revoked"):
        find(country, typed)


@pytest.mark.parametrize("typed", [first_format(OTHER), first_format(KEY, BUSINESSES), first_format(KEY, city="paris")])
def test_no_other_pass_of_the_release_before_is_entered(country: Country, typed: str) -> None:
    with country.database.writing() as session:
        session.add(FormSeries(wave=RESIDENTS, printed=0, reads_first_format=True))
    with pytest.raises(PassOrderError, match="no pass of wave"), country.database.writing() as session:
        enter_first_format(session, KEY, RESIDENTS, typed)

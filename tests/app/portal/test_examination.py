"""What readers are told of how values were examined, what is corrected, and of inputs that changed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.publishing.bundle import Bundle, PublishedCorrection
from app.publishing.models import Publication, PublicationFile
from app.publishing.queries import BUNDLE
from app.publishing.results import ExaminationResult
from app.web.public import create_public
from surveys.languages import LANGUAGES, Text3

CITY = "aktau"
CORRECTED = Text3("Ақтаудың мәні түзетілді.", "Исправлено значение Актау.", "A value of Aktau was corrected.")
CHANGED = Text3("Шағым қаралып жатыр.", "Жалоба рассматривается.", "A complaint is being looked at.")
SAYS = {
    "kk": ("мерзімінен кеш берілді", "қабылданбаған", "бірде-бір сарапшы"),
    "ru": ("сообщено позже срока", "не принято", "эксперты его не проверяли"),
    "en": ("came after its day", "not accepted", "no assessor has seen it"),
}


@pytest.fixture
def told(published: tuple[Database, Bundle], tmp_path: Path) -> Database:
    """A publication in which a city has one value of each kind that is told."""
    (tmp_path / "told.sqlite3").write_bytes(Path(str(published[0].engine.url.database)).read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'told.sqlite3'}")
    codes = [each.code for each in published[1].indicators[:3]]
    marks = ("not_accepted", "unreviewed", "late")
    rows = tuple(
        ExaminationResult(city=CITY, indicator=code, **{mark: int(mark == own) for mark in marks})
        for code, own in zip(codes, marks, strict=True)
    )
    bundle = replace(
        published[1],
        number=2,
        examinations=rows,
        corrects=PublishedCorrection(number=7, reason=CORRECTED),
        inputs_changed=CHANGED,
    )
    with database.writing() as session:
        first = session.get_one(Publication, 1)
        digests = {"bundle_sha256": "9" * 64, "previous_sha256": first.bundle_sha256}
        own = {"run": first.run, "edition": first.edition, "state": "published", "published_on": first.published_on}
        session.add(Publication(number=2, **own, **digests))
        session.flush()
        content = bundle.to_json().encode()
        session.execute(insert(PublicationFile).values(publication=2, path=BUNDLE, sha256="9" * 64, content=content))
    return database


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_city_s_page_says_it_in_three_languages(
    told: Database, settings: Settings, clock: FrozenClock, language: str
) -> None:
    client = create_public(settings, told, clock).test_client()
    page = client.get(f"/{language}/ratings/2/cities/{CITY}").text
    assert all(words in page for words in SAYS[language])
    for address in ("", "method", f"cities/{CITY}", f"cities/{CITY}/explain"):
        text = client.get(f"/{language}/ratings/2/{address}").text
        assert CORRECTED.pick(language) in text
        assert CHANGED.pick(language) in text
    other = client.get(f"/{language}/ratings/2/cities/oral").text
    assert not any(words in other for words in SAYS[language])


def test_a_file_tells_it_of_every_value(told: Database, settings: Settings, clock: FrozenClock) -> None:
    client = create_public(settings, told, clock).test_client()
    rows = client.get("/data/2/examination.json").json["rows"]
    assert [(row["not_accepted"], row["unreviewed"], row["late"]) for row in rows] == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    assert client.get("/data/2/examination.csv").status_code == 200


def test_a_bundle_of_the_format_before_is_read_and_says_nothing_of_it(bundle: Bundle) -> None:
    written = json.loads(bundle.to_json()) | {"format": 3}
    for name in ("examinations", "corrects", "inputs_changed", "journal_head"):
        del written[name]
    old = Bundle.from_json(json.dumps(written))
    assert (old.format, old.examinations, old.corrects, old.inputs_changed) == (3, (), None, None)
    assert old.journal_head is None


def test_what_nobody_examined_is_told_of_the_small_country(bundle: Bundle) -> None:
    assert bundle.examinations
    assert {(row.not_accepted, row.unreviewed) for row in bundle.examinations} == {(0, 1)}

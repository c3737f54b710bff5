"""The rows of the board's files: the same figures that its pages show, a row for each city, theme or promise."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from app.feedback.board.commitments import PublicCommitment
from app.feedback.board.figures import HIDING_REASONS, CityFigures
from app.feedback.board.replies import PublicReply
from app.feedback.board.themes import FEW
from app.feedback.queries import HidingFigures
from app.feedback.verdicts import agreement
from app.web.portal.said.views import CityBoard, ThemeCard, cards
from surveys.languages import LANGUAGES, Text3
from surveys.population.places import load_places


class Gap(NamedTuple):
    """What a file says where there is no number."""

    sign: str


Row = Mapping[str, object]
NOTHING_TO_COUNT, FEWER = Gap("-"), Gap(f"<{FEW}")


def country_rows(figures: Mapping[str, CityFigures], hiding: Iterable[HidingFigures], today: date) -> Iterator[Row]:
    """Give a row for each city, in the order of the alphabet of codes."""
    hidden, overturned = hidden_by_city(hiding)
    for city in sorted(load_places().cities, key=lambda city: city.code):
        own = figures.get(city.code, CityFigures(city.code))
        yield (
            {"city": city.code, **_three("name", city.name), "as_of": today.isoformat()}
            | figure_values(own)
            | {f"hidden_{reason}": hidden[city.code, reason] for reason in HIDING_REASONS}
            | {"overturned": overturned[city.code]}
        )


def figure_values(figures: CityFigures) -> dict[str, object]:
    """Give the figures of a city by the names that files and pages know them by."""
    shares = {name: getattr(figures, name) for name in ("in_time_percent", "late_percent", "never_percent")}
    return {
        "received": figures.received,
        "waiting": figures.waiting,
        "shown": figures.shown,
        "shown_redacted": figures.redacted,
        "hidden": figures.hidden,
        "hidden_percent": _or_gap(figures.hidden_percent),
        "due": figures.due,
        "in_time": figures.in_time,
        "late": figures.late,
        "never": figures.never,
        **{name: _or_gap(share) for name, share in shares.items()},
        "commitments": figures.commitments,
        "overdue": figures.overdue,
    }


def wave_rows(hiding: Iterable[HidingFigures]) -> Iterator[Row]:
    """Give a row for each city and wave: what became of the suggestions."""
    for each in hiding:
        yield {
            "city": each.city,
            "wave": each.wave,
            "received": each.received,
            "waiting": each.waiting,
            "shown": each.shown,
            "shown_redacted": each.redacted,
            **{f"hidden_{reason}": each.hidden.get(reason, 0) for reason in HIDING_REASONS},
            "overturned": each.overturned,
        }


def theme_rows(board: CityBoard) -> Iterator[Row]:
    """Give a row for each theme of a city, and one for what has none in an area."""
    order = list(board.asked.areas)
    for card in sorted(cards(board), key=lambda card: (order.index(card.theme.area), card.theme.code)):
        yield _theme_row(card, board.today)


def _theme_row(card: ThemeCard, today: date) -> Row:
    standing = [reply for reply in card.replies if reply.withdrawn_on is None]
    return {
        "area": card.theme.area,
        "theme": card.theme.code,
        **_three("name", card.theme.name),
        "suggestions": card.theme.whole if card.theme.whole >= FEW else FEWER,
        "share_percent": _or_gap(card.share),
        "replies": len(standing),
        "withdrawn_replies": len(card.replies) - len(standing),
        "commitments": len(card.commitments),
        "overdue": sum(each.is_overdue(today) for each in card.commitments),
        "outcomes": " ".join(sorted(card.outcomes)),
    }


def commitment_row(commitment: PublicCommitment, today: date) -> Row:
    """Give what stands of a promise in a list of them."""
    told = agreement(commitment.answers)
    return {
        "commitment": commitment.id,
        "city": commitment.city,
        "area": commitment.area,
        "theme": commitment.theme,
        **_three("title", commitment.title),
        "owner_kk": commitment.owner_unit.kk,
        "owner_ru": commitment.owner_unit.ru,
        "state": commitment.state,
        "first_due": commitment.first_due.isoformat(),
        "due": commitment.due.isoformat(),
        "moved": commitment.moved,
        "percent": commitment.percent,
        "overdue": int(commitment.is_overdue(today)),
        "evidence": commitment.evidence_address,
        "answers_at_least": told.at_least,
        "better_percent_at_least": _or_gap(told.percent),
    }


def commitment_steps(commitment: PublicCommitment) -> list[dict[str, object]]:
    """Give what happened to a promise, told by its day."""
    return [
        {
            "step": step.event,
            "day": step.day.isoformat(),
            "state": step.state,
            "due": step.due.isoformat() if step.due else None,
            "percent": step.percent,
            "by": "residents" if step.is_of_residents else "akimat",
            **_three("text", step.body),
            "evidence": step.evidence_address,
        }
        for step in commitment.steps
    ]


def reply_tree(reply: PublicReply) -> dict[str, object]:
    """Give a reply as it stands, and the days of all its versions."""
    told = agreement(reply.answers)
    return {
        "reply": reply.id,
        "area": reply.area,
        "themes": list(reply.themes),
        "kind": reply.kind,
        "released": [text.day.isoformat() for text in reply.texts],
        **_three("text", reply.newest.text),
        "done_on": reply.done_on.isoformat() if reply.done_on else None,
        "evidence": reply.evidence_address,
        "next_word_on": reply.next_word_on.isoformat() if reply.next_word_on else None,
        **_three("body", reply.body_name),
        "body_address": reply.body_address,
        "withdrawn_on": reply.withdrawn_on.isoformat() if reply.withdrawn_on else None,
        "withdrawn_reason_kk": reply.withdrawn_reason.kk,
        "withdrawn_reason_ru": reply.withdrawn_reason.ru,
        "answers_at_least": told.at_least,
        "better_percent_at_least": told.percent,
    }


def hidden_by_city(hiding: Iterable[HidingFigures]) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    """Count what is hidden by city and reason, and by city what an outsider showed again."""
    hidden: Counter[tuple[str, str]] = Counter()
    overturned: Counter[str] = Counter()
    for each in hiding:
        overturned[each.city] += each.overturned
        hidden.update({(each.city, reason): n for reason, n in each.hidden.items()})
    return hidden, overturned


def _three(name: str, text: Text3) -> dict[str, object]:
    return {f"{name}_{language}": text.pick(language) for language in LANGUAGES}


def _or_gap(figure: int | None) -> object:
    return NOTHING_TO_COUNT if figure is None else figure

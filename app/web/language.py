"""The languages of the screens: negotiation, gettext, and Babel's dates, numbers and percents.

The only module that imports flask_babel. Catalogues are read once per language; a request
outside any language (a job, a test of a function) speaks Kazakh, the state language.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations
from flask import Flask, Request, current_app, g, has_app_context
from flask_babel import Babel
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header

from app.clock import KAZAKHSTAN
from surveys.languages import Text3
from surveys.population.collation import kazakh_key

LANGUAGES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
"""Codes and the languages' own names, in the order of the law: state language first."""

LOCALES = {"kk": "kk_KZ", "ru": "ru_KZ", "en": "en"}
DEFAULT = "kk"


def _(message: str, **values: object) -> str:
    """Translate a message of the screen."""
    text = _catalogue().ugettext(message)
    return text % values if values else text


def _n(one: str, many: str, number: int, **values: object) -> str:
    """Translate a message whose form depends on a number; `%(num)s` is that number."""
    return _catalogue().ungettext(one, many, number) % {"num": number, **values}


def _l(message: str) -> str:
    """Translate a message when it is shown: for texts made before any request."""
    text: str = LazyString(_, message)
    return text


def _c(context: str, message: str) -> str:
    """Translate a message that is one word of English and several of another language: an open wave, an open period."""
    return _catalogue().upgettext(context, message)


def _lc(context: str, message: str) -> str:
    """Translate such a message when it is shown."""
    text: str = LazyString(_c, context, message)
    return text


def _catalogue() -> NullTranslations:
    """Give the catalogue of the request's language; without an app texts stay English."""
    if not has_app_context():
        return NullTranslations()
    return _loaded(current_app.config["BABEL_TRANSLATION_DIRECTORIES"], current_locale())


@cache
def _loaded(directory: str, locale: str) -> NullTranslations:
    """Read a catalogue once: Flask-Babel looks for it anew at every text."""
    return Translations.load(directory, [locale])


def choose(request: Request, *, remembered: bool = True) -> str:
    """Choose the language of a request: kk, ru or en.

    What says it first counts: the address (/kk/…), a language button, ?lang=, the survey's cookie unless `remembered`
    is false (for pages that caches share), the browser's Accept-Language; else Kazakh.
    """
    wishes = (
        request.path[1:].partition("/")[0],
        pressed_button(request),
        request.args.get("lang"),
        request.cookies.get("lang") if remembered else None,
    )
    preferred = next((code for code in wishes if code in LANGUAGES), None)
    return preferred or _negotiated(request.headers.get("Accept-Language", ""))


def pressed_button(request: Request) -> str | None:
    """Give the language whose button was pressed; None also where the form is what could not be read."""
    if request.method != "POST":
        return None
    try:
        return request.form.get("switch")
    except HTTPException:  # too long or broken off: whoever explains that must not fail of it again
        return None


@lru_cache(maxsize=256)
def _negotiated(accepted: str) -> str:
    return parse_accept_header(accepted, LanguageAccept).best_match(list(LANGUAGES)) or DEFAULT


def speak(language: str) -> None:
    """Make the rest of this request speak a language."""
    g.language = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a few words in the midst of a request, and then the one spoken before."""
    before = current_language()
    speak(language)
    yield
    speak(before)


def current_language() -> str:
    """Tell the language of this request: kk, ru or en."""
    return str(g.get("language", DEFAULT)) if has_app_context() else DEFAULT


def current_locale() -> str:
    """Tell Babel's name of the language of this request."""
    return LOCALES[current_language()]


def pick(texts: Text3) -> str:
    """Take the request's language out of three texts."""
    return texts.pick(current_language())


def readable(texts: Text3) -> tuple[str, str] | None:
    """Take a text and its language: the request's, else Russian for readers of English, else Kazakh; None for none."""
    written = ((texts.pick(code), code) for code in (current_language(), "ru", "kk"))
    return next((found for found in written if found[0]), None)


def alphabetical(name: str) -> Any:
    """Give a key that sorts names by the alphabet of the request's language."""
    return kazakh_key(name) if current_language() == "kk" else name


def number(value: float, digits: int = 0) -> str:
    """Write a number with a fixed count of decimals, and with a real minus."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(value, format=pattern, locale=current_locale())).replace("-", "\N{MINUS SIGN}")


def percent(value: float, digits: int = 0) -> str:
    """Write a percentage given in percent (61.5 → 61,5%), with the language's own sign and space."""
    locale = Locale.parse(current_locale())
    pattern = locale.percent_formats[None].pattern.replace("0", "0." + "0" * digits if digits else "0", 1)
    return str(format_percent(value / 100, format=pattern, locale=locale))


def share(part: int, whole: int) -> str:
    """Write a share in whole percent, halves upwards; what is there is never 0 %, and what is not all never 100 %.

    Of nothing there is no share: an empty text.
    """
    if not whole:
        return ""
    told = (200 * part + whole) // (2 * whole)
    if part and not told:
        return _("less than %(share)s", share=percent(1))
    if part < whole and told == 100:
        return _("more than %(share)s", share=percent(99))
    return percent(told)


def day(value: date) -> str:
    """Write a day in full (2026 ж. 9 наурыз)."""
    return str(format_date(value, format="long", locale=current_locale()))


def short_day(value: date) -> str:
    """Write a day of this year or the next in a narrow column (9 нау.)."""
    return str(format_skeleton("MMMd", value, locale=current_locale()))


def months(first: date, last: date) -> str:
    """Write the months from one day to another (2027 ж. наурыз – сәуір)."""
    return str(format_interval(first, last, "yMMMM", locale=current_locale()))


def moment(value: datetime) -> str:
    """Write a moment as the country's clocks have it (2026 ж. 9 наурыз, 14:05)."""
    local = value.astimezone(KAZAKHSTAN)
    return f"{day(local.date())}, {local:%H:%M}"


def listed(items: Iterable[str]) -> str:
    """Join words as the language joins them (a, b and c)."""
    return str(format_list(list(items), locale=current_locale()))


def init_app(app: Flask, translations: str) -> None:
    """Give a site its catalogues and its templates the functions above."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = translations
    Babel(app, locale_selector=current_locale, default_locale=LOCALES[DEFAULT])
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # comes with the extension
        lambda text: _catalogue().ugettext(text),
        lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals.update(_n=_n, language=current_language, languages=LANGUAGES)
    app.jinja_env.filters.update(pick=pick, number=number, percent=percent, day=day, moment=moment, listed=listed)

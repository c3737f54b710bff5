"""The forms of field materials."""

from collections.abc import Mapping
from contextlib import closing
from datetime import date

from flask_wtf import FlaskForm
from wtforms import DateField, FileField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from app.fieldwork.mailing_lists import ListFault, MailingListError, read_addressees
from app.fieldwork.materials import MOST_FORMS
from app.web.language import LANGUAGES, _, _l
from surveys.fieldwork.channels import PLAIN
from surveys.fieldwork.passes import PER_DAY, PassOrder
from surveys.identity.codes import Addressee

MOST_LETTERS = 300
"""Letters made while somebody waits, about ten seconds; the command line makes more."""
MOST_PER_DAY = 1_000
LONGEST_NAME = 80

Errors = Mapping[str, str]

_FAULTS = {
    ListFault.NOT_TEXT: _l("This is no CSV file in UTF-8"),
    ListFault.NO_COLUMN: _l("The file has no column “%(detail)s”"),
    ListFault.WRONG_BIN: _l("Line %(detail)s: a BIN has 12 digits"),
    ListFault.TWICE: _l("An enterprise stands there twice"),
    ListFault.EMPTY: _l("Nobody stands in this file"),
}


class PrintingForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """How many paper forms, in which language."""

    count = IntegerField(_l("Number of forms"), default=50)
    lang = SelectField(
        _l("Language"), choices=[SelectChoice(*each) for each in LANGUAGES.items()], validate_choice=False
    )


class LettersForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """How many letters, or to whom."""

    count = IntegerField(_l("Number of letters without names"))
    file = FileField(_l("Or a list of addressees (CSV)"))
    name_column = StringField(_l("Column with the name"))
    bin_column = StringField(_l("Column with the BIN"))


class PassForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Whom a pass is for, and what it allows."""

    operator = StringField(_l("Name of the operator"))
    channel = SelectField(_l("Channel"), default=PLAIN, validate_choice=False)
    until = DateField(_l("Last day"))
    per_day = IntegerField(_l("Most forms a day"), default=PER_DAY)


def paper_errors(form: PrintingForm) -> Errors:
    """Name what is wrong with an order of paper forms."""
    is_number = isinstance(form.count.data, int) and 0 < form.count.data <= MOST_FORMS
    errors = {} if is_number else {"count": _("Write a number from 1 to %(most)s", most=MOST_FORMS)}
    return errors if form.lang.data in LANGUAGES else errors | {"lang": _("Choose a language")}


def read_letters(form: LettersForm) -> tuple[list[Addressee], Errors]:
    """Read to whom letters go; a file counts before a number."""
    content = b""
    if form.file.data:
        with closing(form.file.data) as given:
            content = given.read()
    if not content:
        count = form.count.data
        if isinstance(count, int) and 0 < count <= MOST_LETTERS:
            return [Addressee()] * count, {}
        return [], {"count": _("Write a number from 1 to %(most)s", most=MOST_LETTERS)}
    columns = {"name_column": (form.name_column.data or "").strip(), "bin_column": (form.bin_column.data or "").strip()}
    try:
        found = read_addressees(content, **columns)
    except MailingListError as error:
        return [], {"file": str(_FAULTS[error.fault]) % {"detail": error.detail}}
    if len(found) > MOST_LETTERS:
        return [], {"file": _("Send %(most)s addressees at most at a time", most=MOST_LETTERS)}
    return found, {}


def pass_errors(form: PassForm, channels: tuple[str, ...], today: date) -> Errors:
    """Name what is wrong with an order of a pass."""
    errors = {}
    if not 0 < len(" ".join((form.operator.data or "").split())) <= LONGEST_NAME:
        errors["operator"] = _(
            "A pass is for one person: write a name of at most %(most)s characters", most=LONGEST_NAME
        )
    if not isinstance(form.until.data, date) or form.until.data < today:
        errors["until"] = _("Write a day that is not over, such as 2027-04-30")
    if not (isinstance(form.per_day.data, int) and 0 < form.per_day.data <= MOST_PER_DAY):
        errors["per_day"] = _("Write a number from 1 to %(most)s", most=MOST_PER_DAY)
    if form.channel.data not in channels:
        errors["channel"] = _("Choose a channel")
    return errors


def pass_order(form: PassForm, wave: str, city: str) -> PassOrder:
    """Make of a form in which nothing is wrong what is ordered."""
    until = form.until.data
    assert until is not None  # noqa: S101 - pass_errors has looked
    return PassOrder(form.operator.data or "", wave, city, form.channel.data, until, form.per_day.data or PER_DAY)

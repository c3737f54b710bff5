"""Forms for members of staff and their roles."""

from datetime import date, timedelta
from functools import cache
from typing import Self

from wtforms import DateField, EmailField, Form, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.grants import GrantOrder
from app.accounts.permissions import CITY_ROLES, Role
from app.web.console.layout import ROLES
from app.web.language import LANGUAGES, _l, alphabetical, current_language, pick
from scoring.edition import edition_codes, load_edition
from surveys.languages import Text3
from surveys.population.places import load_places

YEAR = timedelta(days=365)
"""How long a role is offered for; another end may be chosen."""


class GrantForm(Form):
    """A role, where it belongs to, the areas it is about first, and its last day."""

    role = SelectField(_l("Role"))
    city = SelectField(_l("City"), validate_choice=False)
    until = DateField(_l("Last day of the role"), [Optional()])
    areas = SelectMultipleField(
        _l("Areas this person sees first"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def offer(self, today: date) -> Self:
        """Fill in what can be chosen, in the language of the page."""
        self.role.choices = [SelectChoice(role.value, str(words)) for role, words in ROLES.items()]
        names = sorted(
            ((pick(city.name), city.code) for city in load_places().cities), key=lambda pair: alphabetical(pair[0])
        )
        self.city.choices = [SelectChoice("", "—"), *(SelectChoice(code, name) for name, code in names)]
        self.areas.choices = [SelectChoice(code, name.pick(current_language())) for code, name in area_names()]
        if self.until.data is None and not self.until.raw_data:
            self.until.data = today + YEAR
        return self

    def order(self) -> GrantOrder:
        """Give the order that the form says; a city counts for roles of a city alone."""
        role = Role(self.role.data)
        city = (self.city.data or None) if role in CITY_ROLES else None
        return GrantOrder(role=role, city=city, areas=tuple(self.areas.data or ()), until_day=self.until.data)


class InviteForm(GrantForm):
    """A new person and the first role."""

    email = EmailField(_l("E-mail"), render_kw={"autocomplete": "off", "maxlength": 254, "required": True})
    name = StringField(_l("Name and surname"), render_kw={"autocomplete": "off", "maxlength": 120, "required": True})
    language = SelectField(_l("Language of the console"), choices=[SelectChoice(*each) for each in LANGUAGES.items()])


@cache
def area_names() -> tuple[tuple[str, Text3], ...]:
    """List the areas of the newest edition."""
    return tuple((area.code, Text3(*area.name)) for area in load_edition(edition_codes()[-1]).areas)

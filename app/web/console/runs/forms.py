"""The form of a new run."""

from wtforms import Form, RadioField, SelectField, SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired

from app.web.language import _l


class RunForm(Form):
    """What to rate: a period, waves, and whether the run is to be published."""

    period = SelectField(_l("Period"), [InputRequired(_l("Please choose a period"))], validate_choice=True)
    kind = RadioField(
        _l("Kind"),
        choices=[
            SelectChoice("trial", _l("Trial: the latest values, examined or not; it can never be published")),
            SelectChoice("official", _l("Official: accepted values alone; it can be published")),
        ],
        default="trial",
    )
    waves = SelectMultipleField(
        _l("Waves whose answers count"),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )

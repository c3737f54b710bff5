"""The reference of `make bench-intake`: a survey as Flask's own books teach it — a form class and a row per answer."""

import os
from typing import Any

from flask import Flask, redirect, render_template_string, request
from flask_wtf import FlaskForm
from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from app.config import Settings
from app.database import Database
from surveys.authoring.yaml_source import load, shipped
from surveys.questionnaire.compiled import compile_questionnaire
from surveys.questionnaire.kinds import KINDS

settings = Settings.from_env(os.environ)
database = Database(settings.database_url)
application = Flask("stock")
application.config.update(SECRET_KEY=settings.secret_key, WTF_CSRF_ENABLED=False)
RESIDENT = next(q for q in map(load, shipped()) if q.audience == "resident")
QUESTIONS = compile_questionnaire(RESIDENT).closed
PAGE = "<!doctype html><form method=post>{% for field in form %}{{ field.label }}{{ field() }}{% endfor %}</form>"


class Base(DeclarativeBase):
    """Base of the reference's own tables."""


class StockSubmission(Base):
    """One answered questionnaire."""

    __tablename__ = "stock_submission"
    id: Mapped[int] = mapped_column(primary_key=True)
    city: Mapped[str] = mapped_column(String(32))
    lang: Mapped[str] = mapped_column(String(2))
    answers: Mapped[list["StockAnswer"]] = relationship()


class StockAnswer(Base):
    """One answer."""

    __tablename__ = "stock_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    submission: Mapped[int] = mapped_column(ForeignKey("stock_submission.id"))
    question: Mapped[str] = mapped_column(String(64))
    option: Mapped[str] = mapped_column(String(64))


def stored(on: Database) -> int:
    """Count the reference's submissions."""
    with on.reading() as session:
        return session.execute(select(func.count()).select_from(StockSubmission)).scalar_one()


class SurveyForm(FlaskForm):
    """All questions on one page."""


for _question in QUESTIONS:
    _choices = [SelectChoice(option.code, option.label.kk) for option in _question.offered("almaty")]
    _kind: Any = SelectMultipleField if KINDS[_question.kind].several else RadioField
    setattr(SurveyForm, _question.code, _kind(_question.label.kk, choices=_choices))


@application.route("/survey", methods=["GET", "POST"])
def survey() -> str | Response:
    """Show the form, or store what was sent."""
    form = SurveyForm()
    if request.method == "GET" or not form.validate_on_submit():
        return render_template_string(PAGE, form=form)
    with Session(database.engine) as session, session.begin():
        submission = StockSubmission(city="almaty", lang="kk")
        for name, answer in form.data.items():
            codes = answer if isinstance(answer, list) else [answer]
            submission.answers += [StockAnswer(question=name, option=code) for code in codes]
        session.add(submission)
    return redirect("/survey", 303)


Base.metadata.create_all(database.engine)

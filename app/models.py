"""Every table of the product, gathered for the migrations and for the tests."""

from sqlalchemy import Index

from app import working_calendar
from app.accounts import models as account_models
from app.accounts.models import RoleGrant
from app.audit import models as audit_models
from app.feedback import models as feedback_models
from app.feedback import reply_models
from app.fieldwork import models as fieldwork_models
from app.indicators import case_models
from app.indicators import models as indicator_models
from app.initiatives import models as initiative_models
from app.jobs import models as job_models
from app.notices import models as notice_models
from app.publishing import models as publication_models
from app.ratings import models as rating_models
from app.workspace import models as workspace_models
from surveys import models as survey_models
from surveys.db import Base
from surveys.models.responses import UNFOLDED, Response

MODULES = (
    survey_models,
    audit_models,
    account_models,
    workspace_models,
    notice_models,
    working_calendar,
    fieldwork_models,
    indicator_models,
    case_models,
    feedback_models,
    reply_models,
    rating_models,
    publication_models,
    initiative_models,
    job_models,
)
"""Importing them registers their tables."""

metadata = Base.metadata

# Only what waits to be counted is indexed: commits come out of order and ids are random, so a mark, not a line.
# Here and not at the table, for it loads both dialects: a web process need not hold the 2 MB of the other database's.
Index("ix_response_unfolded", Response.wave, Response.city, sqlite_where=UNFOLDED, postgresql_where=UNFOLDED)

# A role in the country is granted once too: without a city the table's own rule takes each row for another.
_IN_COUNTRY = RoleGrant.city.is_(None)
Index(
    "uq_role_grant_country",
    RoleGrant.staff,
    RoleGrant.role,
    unique=True,
    sqlite_where=_IN_COUNTRY,
    postgresql_where=_IN_COUNTRY,
)

FROZEN = (
    "questionnaire_version",
    "run",
    "run_frame",
    "publication_file",
    "journal",
    "indicator_value",
    "value_evidence",
    "assessment",
    "approval",
    "comment_decision",
    "theme_change",
    "reply_text",
    "reply_release",
    "commitment_event",
    "initiative_list",
    "initiative",
    "initiative_text",
    "initiative_event",
    "initiative_examination",
    "initiative_evaluation",
)
"""Tables whose rows refuse UPDATE and DELETE by trigger, on both databases."""

"""Every table of the product, gathered for the migrations and for the tests."""

from app.indicators import models as indicator_models
from app.jobs import models as job_models
from app.publishing import models as publication_models
from app.ratings import models as rating_models
from surveys import models as survey_models
from surveys.db import Base

MODULES = (survey_models, indicator_models, rating_models, publication_models, job_models)
"""Importing them registers their tables."""

metadata = Base.metadata

FROZEN = ("questionnaire_version", "run", "run_frame", "publication_file")
"""Tables whose rows refuse UPDATE and DELETE by trigger, on both databases."""

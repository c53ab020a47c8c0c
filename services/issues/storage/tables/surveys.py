"""Surveys, the answers of households, and who lives in which household."""

from sqlalchemy import Boolean, Column, Date, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB

from services.issues.storage.tables.parts import identifier, key, moment, number, tenant_rows, words

surveys = tenant_rows(
    "surveys",
    key(),
    words("kind"),
    words("title"),
    words("introduction", optional=True),
    identifier("compound_id", optional=True),
    number("population"),
    Column("population_as_of", Date, nullable=False),
    words("population_source"),
    Column("anonymous", Boolean, nullable=False),
    Column("questions", JSONB, nullable=False),
    identifier("created_by"),
    moment("created_at"),
    words("state"),
    moment("opened_at", optional=True),
    moment("closes_at", optional=True),
    moment("closed_at", optional=True),
    number("version"),
)
survey_participations = tenant_rows(
    "survey_participations", key("survey_id"), key("household_id"), identifier("entered_by"), moment("at")
)
survey_answers = tenant_rows(
    "survey_answers",
    key("survey_id"),
    key(),
    identifier("household_id", optional=True),
    moment("at", optional=True),
)
survey_choices = tenant_rows(
    "survey_choices",
    key("survey_id"),
    Column("question", Integer, primary_key=True),
    Column("code", Text, primary_key=True),
    key("answer_id"),
)
survey_words = tenant_rows(
    "survey_words", key("survey_id"), Column("question", Integer, primary_key=True), key("answer_id"), words("text")
)
households = tenant_rows("households", key(), identifier("building_id"))
household_members = tenant_rows("household_members", key("person_id"), key("household_id"))

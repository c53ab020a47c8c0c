"""Surveys with the answers of households, and a copy of who lives in which household."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.database.migrations import tenant_table

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    tenant_table(
        op,
        "surveys",
        sa.Column("id", uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("introduction", sa.Text),
        sa.Column("compound_id", uuid),
        sa.Column("population", sa.Integer, nullable=False),
        sa.Column("population_as_of", sa.Date, nullable=False),
        sa.Column("population_source", sa.Text, nullable=False),
        sa.Column("anonymous", sa.Boolean, nullable=False),
        sa.Column("questions", JSONB, nullable=False),
        sa.Column("created_by", uuid, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opened_at", moment),
        sa.Column("closes_at", moment),
        sa.Column("closed_at", moment),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "compound_id"], ["compounds.community", "compounds.id"], name="surveys_compound"
        ),
        sa.CheckConstraint("population > 0", name="surveys_have_a_population"),
    )
    op.create_index("surveys_by_state", "surveys", ["community", "state", "id"])
    tenant_table(
        op,
        "survey_participations",
        sa.Column("survey_id", uuid, nullable=False),
        sa.Column("household_id", uuid, nullable=False),
        sa.Column("entered_by", uuid, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "survey_id"], ["surveys.community", "surveys.id"], name="survey_participations_survey"
        ),
        key=("survey_id", "household_id"),
        append_only=True,
    )
    tenant_table(
        op,
        "survey_answers",
        sa.Column("survey_id", uuid, nullable=False),
        sa.Column("id", uuid, nullable=False),
        sa.Column("household_id", uuid),
        sa.Column("at", moment),
        sa.ForeignKeyConstraint(
            ["community", "survey_id"], ["surveys.community", "surveys.id"], name="survey_answers_survey"
        ),
        key=("survey_id", "id"),
        append_only=True,
    )
    tenant_table(
        op,
        "survey_choices",
        sa.Column("survey_id", uuid, nullable=False),
        sa.Column("question", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("answer_id", uuid, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "survey_id", "answer_id"],
            ["survey_answers.community", "survey_answers.survey_id", "survey_answers.id"],
            name="survey_choices_answer",
        ),
        key=("survey_id", "question", "code", "answer_id"),
        append_only=True,
    )
    tenant_table(
        op,
        "survey_words",
        sa.Column("survey_id", uuid, nullable=False),
        sa.Column("question", sa.Integer, nullable=False),
        sa.Column("answer_id", uuid, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "survey_id", "answer_id"],
            ["survey_answers.community", "survey_answers.survey_id", "survey_answers.id"],
            name="survey_words_answer",
        ),
        key=("survey_id", "question", "answer_id"),
        append_only=True,
    )
    tenant_table(
        op,
        "households",
        sa.Column("id", uuid, nullable=False),
        sa.Column("building_id", uuid, nullable=False),
    )
    tenant_table(
        op,
        "household_members",
        sa.Column("person_id", uuid, nullable=False),
        sa.Column("household_id", uuid, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "household_id"], ["households.community", "households.id"], name="household_members_household"
        ),
        key=("person_id", "household_id"),
    )


def downgrade() -> None:
    for table in (
        "household_members",
        "households",
        "survey_words",
        "survey_choices",
        "survey_answers",
        "survey_participations",
        "surveys",
    ):
        op.drop_table(table)

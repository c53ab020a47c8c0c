"""What reports are made of: changed issues that wait to be counted, what each issue adds, and the sums."""

from sqlalchemy import BigInteger, Column, Date, DateTime, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB

from services.issues.storage.tables.parts import identifier, key, moment, number, tenant_rows, words

report_queue = tenant_rows("report_queue", key(), identifier("issue_id"), moment("at"))

report_contributions = tenant_rows(
    "report_contributions",
    Column("generation", Integer, primary_key=True),
    key("issue_id"),
    Column("adds", JSONB, nullable=False),
)

report_rollups = tenant_rows(
    "report_rollups",
    Column("generation", Integer, primary_key=True),
    Column("dimension", Text, primary_key=True),
    Column("grain", Text, primary_key=True),
    Column("period", Date, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("measure", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

report_watch = tenant_rows(
    "report_watch",
    Column("generation", Integer, primary_key=True),
    Column("watch", Text, primary_key=True),
    Column("since", DateTime(timezone=True), primary_key=True),
    key("issue_id"),
    moment("due_at", optional=True),
)

report_generations = tenant_rows(
    "report_generations",
    number("current"),
    number("building", optional=True),
    identifier("reached", optional=True),
    number("rules_version"),
    moment("made_at"),
)

report_baselines = tenant_rows(
    "report_baselines",
    Column("metric", Text, primary_key=True),
    Column("first_day", Date, primary_key=True),
    Column("last_day", Date, primary_key=True),
    Column("numerator", BigInteger, nullable=False),
    Column("denominator", BigInteger, nullable=False),
    words("source"),
    identifier("imported_by"),
    moment("imported_at"),
)

profile_figures = tenant_rows(
    "profile_figures",
    Column("as_of", Date, primary_key=True),
    number("households"),
    number("residents"),
)

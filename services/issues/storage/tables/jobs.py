"""Long work, and the files that come of it in parts."""

from sqlalchemy import Column, Integer, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB

from services.issues.storage.tables.parts import flag, identifier, key, moment, number, tenant_rows, words

jobs = tenant_rows(
    "jobs",
    key(),
    words("kind"),
    identifier("asked_by"),
    moment("asked_at"),
    Column("wanted", JSONB, nullable=False),
    flag("unmasked"),
    words("purpose", optional=True),
    words("state"),
    number("rows_done"),
    number("rows_total", optional=True),
    number("attempts"),
    identifier("lease", optional=True),
    moment("leased_until", optional=True),
    words("failure", optional=True),
    moment("finished_at", optional=True),
    words("file_name", optional=True),
    words("media_type", optional=True),
    number("size", optional=True),
    words("sha256", optional=True),
    Column("result", JSONB, nullable=False),
    number("version"),
)

job_file_parts = tenant_rows(
    "job_file_parts",
    key("job_id"),
    key("lease"),
    Column("part", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

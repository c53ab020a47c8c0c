"""Who joined an issue."""

from sqlalchemy import Column, Date

from services.issues.storage.tables.parts import key, moment, tenant_rows

issue_urgings = tenant_rows(
    "issue_urgings", key("issue_id"), key("person_id"), Column("day", Date, primary_key=True), moment("at")
)

issue_followers = tenant_rows("issue_followers", key("issue_id"), key("person_id"), moment("joined_at"))

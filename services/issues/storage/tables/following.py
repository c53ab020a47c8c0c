"""Who joined an issue."""

from services.issues.storage.tables.parts import key, moment, tenant_rows

issue_followers = tenant_rows("issue_followers", key("issue_id"), key("person_id"), moment("joined_at"))

"""The index of the search, what waits for it, and how far the older issues are in it."""

from sqlalchemy import BigInteger, Column, Identity, Integer, LargeBinary

from services.issues.storage.tables.parts import identifier, tenant_rows

search_postings = tenant_rows(
    "search_postings",
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("gram", BigInteger, primary_key=True, autoincrement=False),
    Column("members", LargeBinary, nullable=False),
)

search_queue = tenant_rows(
    "search_queue", Column("id", BigInteger, Identity(), primary_key=True), identifier("issue_id")
)

search_backfill = tenant_rows("search_backfill", identifier("indexed_to", optional=True))

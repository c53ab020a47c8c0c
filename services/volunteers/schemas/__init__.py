"""Bodies and views of the HTTP interface."""

"""HTTP: requests to use cases and queries, results to views."""

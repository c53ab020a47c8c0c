"""The read side: SQL to answers, bound to one community."""

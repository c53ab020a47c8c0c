"""The read side: plain SQL to views, one page at a time."""

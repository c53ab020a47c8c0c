"""The rules of neighbourhood events, in plain Python."""

"""The rules of wishes and points, in plain Python."""

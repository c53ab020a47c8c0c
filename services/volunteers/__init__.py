"""Volunteers: micro-wishes from submission to the light, and the points ledger that remembers who helped."""

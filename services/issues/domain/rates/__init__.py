"""Rates: what is counted, how, and what of. Each number is defined once, here, as data; the counts are pure functions of facts and history."""

"""Benchmarks: each prints ratios against a limit measured in the same run, never absolute promises."""

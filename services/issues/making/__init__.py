"""Making what long work is asked for: each maker reads, makes, and reports its progress at its desk."""

"""What this service refuses, by subject, in words that name the rule."""

"""HTTP request and response models."""

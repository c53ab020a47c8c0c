"""HTTP bodies and views of the gateway."""

"""Open311 GeoReport v2: its formats, and the conversation with the issues service behind it."""

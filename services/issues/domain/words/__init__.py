"""The closed vocabularies of this service: what codes there are, and how people read them."""

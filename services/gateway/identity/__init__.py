"""Who is asking: passwords, tokens, phone numbers, sessions and the signed principal of a request."""

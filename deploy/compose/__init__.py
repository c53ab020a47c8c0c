"""The steps of `docker compose up` that are not servers: secrets, preparation, seed, printing the logins."""

"""HTTP of the gateway itself: request -> use case -> answer. What other services own never comes here (`front/`)."""

from services.gateway.api import (
    api_keys,
    communities,
    documents,
    households,
    memberships,
    open311,
    organisations,
    pages,
    persons,
    sessions,
    territory,
)

ROUTERS = (
    sessions.router,
    communities.router,
    organisations.router,
    territory.router,
    households.router,
    persons.router,
    memberships.router,
    api_keys.router,
    open311.router,
    documents.router,
    pages.router,
)

__all__ = ["ROUTERS"]

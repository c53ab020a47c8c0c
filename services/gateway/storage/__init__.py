"""Tables of the gateway and the stores that use cases see."""

from services.gateway.storage.unit_of_work import PostgresGatewayUnitOfWork

__all__ = ["PostgresGatewayUnitOfWork"]

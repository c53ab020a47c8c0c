"""Refuse ids that name nothing, saying which field of which item of a batch is wrong."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services.gateway.domain.errors import UnknownReference


def refuse_unknown(field: str, given: Sequence[UUID | None], unknown: Collection[UUID]) -> None:
    """Raise UnknownReference when one of the ids given, in the order of the items, is unknown."""
    if not unknown:
        return
    single = len(given) == 1
    raise UnknownReference(
        "引用的对象在本社区不存在",
        "A reference names nothing in this community",
        fields={
            field if single else f"items.{position}.{field}": ("不存在", "unknown")
            for position, reference in enumerate(given)
            if reference in unknown
        },
    )

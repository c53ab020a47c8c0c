"""What a caller read before it asks for a change: no framework, for storage and use cases alike."""

from shared.errors import PreconditionFailed


def check_version(found: int, expected: int | None) -> None:
    """Refuse (412) when the caller's `If-Match` version is not the one we read. None: the caller has no opinion."""
    if expected is not None and found != expected:
        raise PreconditionFailed(
            f"当前版本是 {found}，您依据的是 {expected}", f"The current version is {found}, yours is {expected}"
        )

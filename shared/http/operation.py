"""What a dependency adds to the OpenAPI document of every operation that uses it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from shared.errors import AppError

F = TypeVar("F", bound=Callable[..., Any])
NOTES = "mulin_operation_notes"


@dataclass(frozen=True, slots=True)
class OperationNotes:
    """Refusals, header parameters and extension members."""

    errors: tuple[type[AppError], ...] = ()
    parameters: tuple[Mapping[str, Any], ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


def documented(notes: OperationNotes) -> Callable[[F], F]:
    """Attach notes to a dependency."""

    def attach(dependency: F) -> F:
        setattr(dependency, NOTES, notes)
        return dependency

    return attach


def notes_of(dependency: object) -> OperationNotes | None:
    """The notes of a dependency, or None."""
    notes: OperationNotes | None = getattr(dependency, NOTES, None)
    return notes

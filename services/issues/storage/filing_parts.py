"""Where an issue is and how it was filed, as columns and back."""

from typing import Any

from sqlalchemy import RowMapping

from services.issues.domain.filing import DIRECT, Filing, ProxyConsent
from services.issues.domain.place import Place
from services.issues.domain.words.filing import ConsentWay


def place_columns(place: Place) -> dict[str, Any]:
    """The columns of a place."""
    return {
        "building_id": place.building_id,
        "place_text": place.text,
        "compound_id": place.compound_id,
        "grid_id": place.grid_id,
        "place_unit": place.unit,
        "place_floor": place.floor,
    }


def place_of(row: RowMapping) -> Place:
    """The place in a row."""
    return Place(
        row["building_id"],
        row["place_text"],
        row["compound_id"],
        row["grid_id"],
        row["place_unit"],
        row["place_floor"],
    )


def filing_columns(filing: Filing) -> dict[str, Any]:
    """The columns of how it was filed."""
    consent = filing.consent
    return {
        "filed_by": filing.filed_by,
        "origin_id": filing.origin_id,
        "anonymous": filing.anonymous,
        "consent_way": consent.way.value if consent else None,
        "consented_at": consent.at if consent else None,
    }


def filing_of(row: RowMapping) -> Filing:
    """How it was filed, from a row."""
    way = row["consent_way"]
    consent = ProxyConsent(ConsentWay(way), row["consented_at"]) if way else None
    filing = Filing(row["filed_by"], row["origin_id"], row["anonymous"], consent)
    return DIRECT if filing == DIRECT else filing

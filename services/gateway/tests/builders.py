"""Bodies of requests, right unless a test changes them."""

from typing import Any

PASSWORD = "lake-water-lantern-7"


def a_subdistrict(slug: str = "shuiji", **changes: Any) -> dict[str, Any]:
    """水集街道."""
    return {"slug": slug, "name": "水集街道", "name_en": "Shuiji Subdistrict", **changes}


def figures(**changes: Any) -> dict[str, Any]:
    """翡翠城社区 as it reports itself."""
    return {
        "as_of": "2025-01-01",
        "area_km2": 0.4,
        "households": 5196,
        "residents": 8225,
        "party_members": 51,
        "party_members_own": 16,
        "party_members_on_duty": 35,
        **changes,
    }


def a_community(subdistrict_id: str, slug: str = "feicuicheng", code: str = "FCC", **changes: Any) -> dict[str, Any]:
    """翡翠城社区, from the urban template."""
    return {
        "slug": slug,
        "code": code,
        "name": "翡翠城社区",
        "name_en": "Feicuicheng Community",
        "subdistrict_id": subdistrict_id,
        "template": "urban_community",
        "profile": figures(),
        **changes,
    }


def a_person(login: str, *roles: str, **changes: Any) -> dict[str, Any]:
    """Somebody with these roles."""
    return {
        "login": login,
        "name": "张三",
        "password": PASSWORD,
        "roles": [{"role": role} for role in roles or ("resident",)],
        **changes,
    }

"""The category tree that every new community starts with: data, in the order in which people see it.

First the five matters that neighbours raise most (practice 9), then the rest of daily life, then the first-level names of the
city's message board (一级分类), so that an import finds its categories.
"""

from services.issues.domain.category import Category
from services.issues.domain.words.issues import IssueKind, Tier

_COMPLAINT, _REQUEST, _DISPUTE, _HAZARD, _PROPOSAL, _HARDSHIP = (
    IssueKind.COMPLAINT,
    IssueKind.REQUEST,
    IssueKind.DISPUTE,
    IssueKind.HAZARD,
    IssueKind.PROPOSAL,
    IssueKind.HARDSHIP,
)
_DANGER, _UTILITIES, _GENERAL, _COMPLEX = Tier.DANGER, Tier.UTILITIES, Tier.GENERAL, Tier.COMPLEX
_PROPERTY, _COMMITTEE, _OWNERS, _DEPARTMENT = (
    "property",
    "community_committee",
    "owners_committee",
    "subdistrict_department",
)

_ROWS: tuple[tuple[str, str | None, str, str, IssueKind, Tier, str], ...] = (
    ("parking_occupied", None, "车位被占", "Parking space taken", _COMPLAINT, _GENERAL, _PROPERTY),
    ("parking_shortage", None, "车位太少", "Too few parking spaces", _COMPLAINT, _COMPLEX, _PROPERTY),
    ("neighbour_quarrel", None, "邻里吵架", "Quarrel between neighbours", _DISPUTE, _GENERAL, _COMMITTEE),
    ("green_occupied", None, "公共绿地被占", "Public green taken", _COMPLAINT, _GENERAL, _PROPERTY),
    ("street_light", None, "路灯不亮", "Street light out", _REQUEST, _GENERAL, _PROPERTY),
    ("utilities", None, "水电气暖", "Water, power, gas, heat", _REQUEST, _UTILITIES, _PROPERTY),
    ("water_supply", "utilities", "停水漏水", "Water off or leaking", _REQUEST, _UTILITIES, _PROPERTY),
    ("power_supply", "utilities", "停电故障", "Power cut or fault", _REQUEST, _UTILITIES, _PROPERTY),
    ("gas_supply", "utilities", "燃气问题", "Gas", _HAZARD, _DANGER, _PROPERTY),
    ("heating", "utilities", "供暖不热", "Heating too cold", _REQUEST, _UTILITIES, _PROPERTY),
    ("safety", None, "安全隐患", "Danger", _HAZARD, _DANGER, _COMMITTEE),
    ("fire_safety", "safety", "消防通道与消防设施", "Fire lanes and equipment", _HAZARD, _DANGER, _PROPERTY),
    ("falling_objects", "safety", "高空抛物坠物", "Falling objects", _HAZARD, _DANGER, _PROPERTY),
    ("e_bike_charging", "safety", "电动车飞线充电", "E-bikes charged by loose cables", _HAZARD, _DANGER, _PROPERTY),
    ("lift", "safety", "电梯故障", "Lift out of order", _HAZARD, _UTILITIES, _PROPERTY),
    ("environment", None, "环境卫生", "Cleanliness", _COMPLAINT, _GENERAL, _PROPERTY),
    ("rubbish", "environment", "垃圾清运", "Rubbish not collected", _COMPLAINT, _GENERAL, _PROPERTY),
    ("noise", "environment", "噪音扰民", "Noise", _COMPLAINT, _GENERAL, _COMMITTEE),
    ("pets", "environment", "宠物扰民", "Pets", _COMPLAINT, _GENERAL, _COMMITTEE),
    ("public_facilities", None, "公共设施维修", "Repair of public facilities", _REQUEST, _GENERAL, _PROPERTY),
    ("illegal_building", None, "违章搭建", "Illegal building", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("property_service", None, "物业服务", "Property service", _COMPLAINT, _GENERAL, _PROPERTY),
    ("owners_affairs", None, "业委会事务", "Owners' committee", _COMPLAINT, _COMPLEX, _OWNERS),
    ("care", None, "帮扶救助", "Help for those in need", _HARDSHIP, _GENERAL, _COMMITTEE),
    ("proposal", None, "意见建议", "Proposal", _PROPOSAL, _COMPLEX, _COMMITTEE),
    ("urban_construction", None, "城乡建设", "Urban and rural construction", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("agriculture", None, "农村农业", "Agriculture", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("law_and_order", None, "政法", "Law and order", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("education", None, "教育文体", "Education, culture and sport", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("labour", None, "劳动和社会保障", "Labour and social security", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("civil_affairs", None, "民政", "Civil affairs", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("party_and_government", None, "党务政务", "Party and government", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("economy", None, "经济管理", "Economy", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("health", None, "卫生计生", "Health", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("commerce", None, "商贸旅游", "Commerce and tourism", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("environmental_protection", None, "环境保护", "Protection of the environment", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("transport", None, "交通运输", "Transport", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("discipline", None, "纪检监察", "Discipline and supervision", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("land", None, "国土资源", "Land and resources", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("technology", None, "科技与信息产业", "Science and information industry", _COMPLAINT, _COMPLEX, _DEPARTMENT),
    ("other", None, "其他", "Other", _REQUEST, _GENERAL, _COMMITTEE),
)

DEFAULT_CATEGORIES: tuple[Category, ...] = tuple(
    Category(code, parent, zh, en, kind, tier, responsible, position)
    for position, (code, parent, zh, en, kind, tier, responsible) in enumerate(_ROWS, start=1)
)
"""Parents stand before their children."""

"""What the demonstration starts with: 水集街道, its three communities, and people with one role each.

The figures of 翡翠城社区 are those it reports itself; those of the other two are made up and marked as samples. All persons are made up.
"""

from dataclasses import dataclass, field

SUBDISTRICT = {"slug": "shuiji", "name": "水集街道", "name_en": "Shuiji Subdistrict"}
FLAGSHIP = "feicuicheng"
"""The community in which every role has a demo login."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a community reports, and when that was true."""

    as_of: str
    area_km2: float
    households: int
    residents: int
    own: int
    on_duty: int
    sample: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demonstration: roles are held through `organisation`, a grid worker for the grid of that number."""

    login: str
    name: str
    name_en: str
    roles: tuple[str, ...]
    organisation: str | None = None
    grid: int | None = None
    home: tuple[str, str, str] | None = None
    """Building, unit and room where the person lives."""


@dataclass(frozen=True, slots=True)
class Community:
    """A community with its places, organisations and people. Building n lies in compound and grid n modulo their number."""

    slug: str
    code: str
    name: str
    name_en: str
    figures: Figures
    compounds: tuple[str, ...]
    grids: int
    buildings: int
    organisations: tuple[tuple[str, str, str], ...]
    """Kind, Chinese and English name."""
    persons: tuple[Person, ...] = field(default=())
    units: int = 3
    floors: int = 18
    households: int = 48
    """How many are registered to begin with."""


FEICUICHENG = Community(
    slug=FLAGSHIP,
    code="FCC",
    name="翡翠城社区",
    name_en="Feicuicheng Community",
    figures=Figures("2025-12-31", 0.4, households=5196, residents=8225, own=16, on_duty=35, sample=False),
    compounds=("翡翠城南区", "翡翠城北区", "翡翠城西区"),
    grids=6,
    buildings=24,
    organisations=(
        ("property", "翡翠物业", "Feicui Property"),
        ("unit", "市供电公司", "Power Supply Company"),
        ("unit", "水集中心小学", "Shuiji Central Primary School"),
        ("unit", "市人民医院", "People's Hospital"),
        ("unit", "市自来水公司", "Water Company"),
        ("unit", "农商银行水集支行", "Rural Commercial Bank, Shuiji Branch"),
        ("unit", "市司法局", "Bureau of Justice"),
        ("unit", "市交警大队", "Traffic Police"),
        ("social_organisation", "翡翠社工站", "Feicui Social Work Station"),
        ("merchant", "邻里便民超市", "Neighbours' Market"),
        ("subdistrict_department", "水集街道党建办公室", "Party Building Office of Shuiji"),
        ("subdistrict_department", "水集街道综合行政执法中队", "Law Enforcement Team of Shuiji"),
    ),
    persons=(
        Person("zhang", "张秀兰", "Zhang Xiulan, resident", ("resident",), home=("12号楼", "2", "301")),
        Person("li", "李建国", "Li Jianguo, resident", ("resident",), home=("12号楼", "1", "602")),
        Person("wang", "王小雨", "Wang Xiaoyu, resident", ("resident",), home=("7号楼", "3", "1102")),
        Person("duty", "赵敏", "Zhao Min, duty officer", ("duty_officer",), "翡翠城社区居委会"),
        Person("chair", "钱立新", "Qian Lixin, meeting chair", ("meeting_chair",), "翡翠城社区居委会"),
        Person("secretary", "孙志强", "Sun Zhiqiang, secretary", ("secretary", "meeting_chair"), "翡翠城社区党委"),
        Person("grid", "周海燕", "Zhou Haiyan, grid worker", ("grid_worker",), "翡翠城社区居委会", grid=1),
        Person("handler", "吴勇", "Wu Yong, of the property company", ("handler",), "翡翠物业"),
        Person("verifier", "何静", "He Jing, verifier", ("verifier",), "翡翠城社区居委会"),
        Person("volunteer", "许佳", "Xu Jia, volunteer", ("volunteer",), "市供电公司"),
        Person("party", "郑国庆", "Zheng Guoqing, Party member", ("party_member", "volunteer"), "翡翠城社区小区党支部"),
        Person("centre", "卫东明", "Wei Dongming, centre household", ("centre_household", "party_member"),
               "翡翠城社区小区党支部", home=("12号楼", "3", "101")),
        Person("points", "冯丽", "Feng Li, points officer", ("points_officer",), "翡翠城社区居委会"),
        Person("points2", "韩梅", "Han Mei, second points officer", ("points_officer",), "翡翠城社区党委"),
        Person("events", "陈晨", "Chen Chen, event organiser", ("event_organiser",), "翡翠城社区居委会"),
        Person("partner", "褚卫", "Chu Wei, of the power company", ("partner",), "市供电公司"),
        Person("admin", "蒋琳", "Jiang Lin, administrator", ("community_admin",), "翡翠城社区居委会"),
    ),
)  # fmt: skip

YUEHU = Community(
    slug="yuehu",
    code="YH",
    name="月湖社区",
    name_en="Yuehu Community",
    figures=Figures("2025-12-31", 0.62, households=4210, residents=7030, own=21, on_duty=22),
    compounds=("月湖花园", "月湖名邸"),
    grids=5,
    buildings=20,
    organisations=(
        ("property", "月湖物业", "Yuehu Property"),
        ("unit", "月湖小学", "Yuehu Primary School"),
        ("unit", "市公交公司", "Bus Company"),
    ),
    persons=(
        Person("yuehu-duty", "沈洁", "Shen Jie, duty officer", ("duty_officer",), "月湖社区居委会"),
        Person("yuehu-resident", "朱明", "Zhu Ming, resident", ("resident",), home=("3号楼", "1", "201")),
        Person("yuehu-handler", "秦川", "Qin Chuan, of the property company", ("handler",), "月湖物业"),
    ),
)

SHUIAN = Community(
    slug="shuian",
    code="SA",
    name="水岸社区",
    name_en="Shuian Community",
    figures=Figures("2025-12-31", 0.35, households=3388, residents=5467, own=19, on_duty=19),
    compounds=("水岸新城", "水岸佳园"),
    grids=4,
    buildings=16,
    organisations=(
        ("property", "水岸物业", "Shuian Property"),
        ("unit", "市图书馆", "City Library"),
        ("merchant", "水岸药房", "Shuian Pharmacy"),
    ),
    persons=(
        Person("shuian-duty", "尤佳", "You Jia, duty officer", ("duty_officer",), "水岸社区居委会"),
        Person("shuian-resident", "施文", "Shi Wen, resident", ("resident",), home=("5号楼", "2", "502")),
        Person("shuian-handler", "孔祥", "Kong Xiang, of the property company", ("handler",), "水岸物业"),
    ),
)

COMMUNITIES = (FEICUICHENG, YUEHU, SHUIAN)
SUBDISTRICT_PERSONS = (Person("subdistrict", "沈涛", "Shen Tao, subdistrict officer", ("subdistrict_officer",)),)


def households_of(community: Community) -> list[tuple[str, str, str]]:
    """Doors (building, unit, room) that are registered to begin with: the homes of persons, then others in order."""
    doors = {person.home: None for person in community.persons if person.home}
    for number in range(community.households):
        building = f"{number % community.buildings + 1}号楼"
        unit = str(number % community.units + 1)
        floor = number // community.buildings % community.floors + 1
        doors[building, unit, f"{floor}01"] = None
    return list(doors)

"""How a file names the category of a matter, also the fine ones of the taxonomy."""

from deploy.imports.mapping import codes_by_name

TREE = (
    {"code": "construction", "parent": None, "name_zh": "城乡建设"},
    {"code": "construction_01", "parent": "construction", "name_zh": "安全生产"},
    {"code": "construction_01_01", "parent": "construction_01", "name_zh": "事故处理"},
    {"code": "construction_02", "parent": "construction", "name_zh": "其他"},
    {"code": "land", "parent": None, "name_zh": "国土资源"},
    {"code": "land_01", "parent": "land", "name_zh": "征地"},
    {"code": "land_01_01", "parent": "land_01", "name_zh": "补偿"},
    {"code": "land_02", "parent": "land", "name_zh": "收费"},
    {"code": "construction_03", "parent": "construction", "name_zh": "收费"},
    {"code": "other", "parent": None, "name_zh": "其他"},
)


def test_a_category_is_named_by_code_path_or_a_name_that_says_which() -> None:
    names = codes_by_name(TREE)
    assert names["construction_01_01"] == "construction_01_01"
    assert names["城乡建设/安全生产/事故处理"] == names["事故处理"] == "construction_01_01"
    assert names["国土资源/征地/补偿"] == "land_01_01"


def test_of_several_with_one_name_the_highest_is_meant_and_none_where_that_says_nothing() -> None:
    names = codes_by_name(TREE)
    assert (names["其他"], names["城乡建设/其他"]) == ("other", "construction_02")
    assert "收费" not in names
    assert (names["国土资源/收费"], names["城乡建设/收费"]) == ("land_02", "construction_03")

"""What searching refuses."""

from shared.errors import Invalid


class SearchTooShort(Invalid):
    """One character would find nearly everything."""

    slug = "search-too-short"
    title_zh = "请至少输入两个字"
    title_en = "Please type at least two characters"

    def __init__(self) -> None:
        super().__init__(fields={"q": ("至少两个汉字、字母或数字", "at least two characters, letters or digits")})


class SearchTooLong(Invalid):
    """More words than anybody remembers."""

    slug = "search-too-long"
    title_zh = "搜索的词太多"
    title_en = "Too many words to search for"

    def __init__(self) -> None:
        super().__init__(fields={"q": ("最多 8 个词、100 个字", "at most 8 words and 100 characters")})

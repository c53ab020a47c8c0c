"""What is refused about the tree of categories."""

from shared.errors import Conflict, Invalid, NotFound


class CategoryNotFound(NotFound):
    """No such category in this community."""

    title_zh = "没有这个分类"
    title_en = "No such category"


class CategoryThere(Conflict):
    """The code is taken."""

    slug = "category-there"
    title_zh = "这个分类代码已被使用"
    title_en = "This code is in use already"


class CategoryMisplaced(Invalid):
    """The place in the tree is not possible."""

    title_zh = "分类的位置有误"
    title_en = "The category cannot lie there"


class CategoryRefused(Conflict):
    """The tree does not allow this now."""

    slug = "category-refused"
    title_zh = "现在不能这样调整分类"
    title_en = "The category cannot be changed like this now"


class TooManyCategories(Conflict):
    """More categories than anybody can choose from."""

    slug = "too-many-categories"
    title_zh = "分类太多"
    title_en = "Too many categories"

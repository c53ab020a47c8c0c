"""What Open311 refuses before the issues service is asked."""

from shared.errors import Invalid, Unauthenticated


class JurisdictionMissing(Invalid):
    """There are several communities here."""

    slug = "jurisdiction-missing"
    title_zh = "缺少 jurisdiction_id（社区标识）"
    title_en = "jurisdiction_id was not provided"


class ServiceCodeMissing(Invalid):
    """What it is about."""

    slug = "service-code-missing"
    title_zh = "缺少 service_code（诉求分类）"
    title_en = "service_code was not provided"


class FormExpected(Invalid):
    """The specification posts forms."""

    slug = "form-expected"
    title_zh = "请以 application/x-www-form-urlencoded（UTF-8）提交"
    title_en = "Post a form: application/x-www-form-urlencoded, in UTF-8"


class NotANumber(Invalid):
    """A coordinate that is none."""

    slug = "not-a-number"
    title_zh = "坐标不正确"
    title_en = "This is not a coordinate"


class KeyMissing(Unauthenticated):
    """Posting needs a key of a program."""

    slug = "api-key-missing"
    title_zh = "缺少接口密钥 api_key，或密钥无效"
    title_en = "api_key is missing or not valid"

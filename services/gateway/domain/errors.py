"""Refusals of the gateway, named by the state that causes them."""

from shared.errors import AppError, Conflict, Forbidden, Invalid, Kind, NotFound, Unauthenticated


class CommunityNotFound(NotFound):
    """No such community, or the person asking has nothing to do with it: both answer the same."""

    slug = "community-not-found"
    title_zh = "没有找到这个社区"
    title_en = "No such community"


class CommunityExists(Conflict):
    """The slug or the code of a new community is taken."""

    slug = "community-exists"
    title_zh = "社区标识或简码已被使用"
    title_en = "That slug or code is already in use"


class SubdistrictExists(Conflict):
    """The slug of a new subdistrict is taken."""

    slug = "subdistrict-exists"
    title_zh = "街道标识已被使用"
    title_en = "That subdistrict slug is already in use"


class UnknownTemplate(Invalid):
    """A community can only be made from a template that is shipped."""

    slug = "unknown-template"
    title_zh = "没有这个社区模板"
    title_en = "No such community template"


class ReservedSlug(Invalid):
    """The slug breaks the rules, or is kept for the platform."""

    slug = "reserved-slug"
    title_zh = "社区标识不可用"
    title_en = "That slug cannot be used"


class FiguresDoNotAddUp(Invalid):
    """Party members are not the sum of own and on-duty ones, or there are more of them than residents."""

    slug = "figures-do-not-add-up"
    title_zh = "数字前后不一致"
    title_en = "The figures do not add up"


class ProfileExists(Conflict):
    """There are figures for that date already; a correction needs its own date."""

    slug = "profile-exists"
    title_zh = "该日期的社区概况已存在"
    title_en = "There is a profile for that date already"


class NameTaken(Conflict):
    """Another organisation, compound, grid, building or household of the community has that name."""

    slug = "name-taken"
    title_zh = "名称已被使用"
    title_en = "That name is already in use"


class UnknownReference(Invalid):
    """An id names nothing in this community."""

    slug = "unknown-reference"
    title_zh = "引用的对象不存在"
    title_en = "That reference names nothing here"


class MembershipExists(Conflict):
    """The person holds exactly that role already."""

    slug = "membership-exists"
    title_zh = "该人员已有此职责"
    title_en = "That person already holds this role"


class MembershipAlreadyEnded(Conflict):
    """A membership ends once."""

    slug = "membership-already-ended"
    title_zh = "该职责已经终止"
    title_en = "That membership has already ended"


class RoleNotGrantable(Forbidden):
    """The role cannot be held here, or the person asking may not give it."""

    slug = "role-not-grantable"
    title_zh = "不能授予此职责"
    title_en = "This role cannot be granted here"


class LoginTaken(Conflict):
    """Another account has that login name or phone number."""

    slug = "login-taken"
    title_zh = "登录名或手机号已被使用"
    title_en = "That login name or phone number is already in use"


class WeakPassword(Invalid):
    """The password is too short or follows from the login."""

    slug = "weak-password"
    title_zh = "密码强度不够"
    title_en = "The password is too weak"


class WrongCredentials(Unauthenticated):
    """Login or password is wrong; the answer never says which."""

    slug = "wrong-credentials"
    title_zh = "登录名或密码不正确"
    title_en = "Wrong login or password"


class TooManyLogins(AppError):
    """Too many attempts for this account or from this address."""

    kind = Kind.LIMITED
    slug = "too-many-logins"
    title_zh = "登录尝试过于频繁，请稍后再试"
    title_en = "Too many login attempts; please wait"


class SessionNotFound(NotFound):
    """No such session of one's own."""

    slug = "session-not-found"
    title_zh = "没有找到这个会话"
    title_en = "No such session"


class PhonesNotKept(Conflict):
    """The installation has no key for phone numbers, so it takes none."""

    slug = "phones-not-kept"
    title_zh = "本系统未配置手机号加密密钥，不能保存手机号"
    title_en = "This installation has no key for phone numbers and keeps none"


class ApiKeyAlreadyRevoked(Conflict):
    """A key is revoked once."""

    slug = "api-key-already-revoked"
    title_zh = "该密钥已经吊销"
    title_en = "That key has already been revoked"

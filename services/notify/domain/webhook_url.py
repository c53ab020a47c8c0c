"""Rules for the address of a web hook, before any name is looked up: https, a host name, port 443 or 8443, nothing hidden in it."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import idna

from services.notify.domain.errors import AddressRefused

PORTS = (443, 8443)
LONGEST = 500
_PRINTABLE = re.compile(r"^[\x21-\x7e\u00a1-\uffff]+$")
_PATH = re.compile(r"^[A-Za-z0-9._~!$&'()*+,;=:@%/-]*$")
_LABEL = re.compile(r"^(?!-)[a-z0-9-]{1,63}(?<!-)$")
_NUMERIC = re.compile(r"^(?:[0-9]+|0[xX][0-9a-fA-F]*)$")
_INSIDE = (
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "arpa",
    "onion",
    "test",
    "invalid",
    "example",
)


@dataclass(frozen=True, slots=True)
class WebhookUrl:
    """A checked address. `host` is in its ASCII form; `text` is what is stored and called."""

    text: str
    scheme: str
    host: str
    port: int


def webhook_url(text: str, allowed_hosts: frozenset[str] = frozenset()) -> WebhookUrl:
    """Check an address. `allowed_hosts` (`host:port`) are the platform's own exceptions and may be http."""
    parts = _parts(text)
    host, port = parts.hostname or "", _port(parts)
    if f"{host}:{port}" in allowed_hosts and parts.scheme in ("http", "https"):
        return WebhookUrl(text, parts.scheme, host, port)
    if parts.scheme != "https":
        raise _refused("必须使用 https", "it must be https")
    if port not in PORTS:
        raise _refused("端口只能是 443 或 8443", "the port must be 443 or 8443")
    name = _ascii_name(host)
    if not _PATH.match(parts.path) or not _PATH.match(parts.query.replace("?", "")):
        raise _refused("路径中有不允许的字符", "the path holds characters that must be percent-encoded")
    shown = name if port == 443 else f"{name}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    return WebhookUrl(f"https://{shown}{parts.path or '/'}{query}", "https", name, port)


def _parts(text: str) -> SplitResult:
    if len(text) > LONGEST or not _PRINTABLE.match(text) or "\\" in text:
        raise _refused("地址过长或含有不允许的字符", "it is too long or holds characters that are not allowed")
    try:
        parts = urlsplit(text)
        hostname = parts.hostname
    except ValueError as error:
        raise _refused("地址无法识别", "it cannot be read") from error
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise _refused("地址中不能有用户名或密码", "it must not hold a user name or password")
    if parts.fragment or "#" in text:
        raise _refused("地址中不能有 #", "it must not hold a fragment")
    if not hostname:
        raise _refused("缺少主机名", "the host name is missing")
    return parts


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise _refused("端口无法识别", "the port cannot be read") from error
    if port is None:
        return 443 if parts.scheme == "https" else 80
    return port


def _ascii_name(host: str) -> str:
    """The host name in the form that is looked up; full-width digits, other dots and the like are resolved first."""
    if "[" in host or ":" in host or "%" in host or "_" in host:
        raise _refused("主机必须是域名，不能是 IP 地址", "the host must be a name, not an IP address")
    try:
        name = idna.encode(host, uts46=True, std3_rules=True, transitional=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise _refused("主机名无效", "the host name is not valid") from error
    name = name.removesuffix(".")
    labels = name.split(".")
    if _NUMERIC.match(labels[-1]):
        raise _refused("主机必须是域名，不能是 IP 地址", "the host must be a name, not an IP address")
    if len(labels) < 2 or labels[-1] in _INSIDE or not all(_LABEL.match(label) for label in labels):
        raise _refused("主机必须是公网域名", "the host must be a public name")
    return name


def _refused(zh: str, en: str) -> AddressRefused:
    return AddressRefused(
        f"回调地址不符合要求：{zh}", f"The web hook address is refused: {en}", fields={"url": (zh, en)}
    )

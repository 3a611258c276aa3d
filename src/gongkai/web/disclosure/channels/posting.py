"""One POST to another system, so that it cannot be led elsewhere: resolved once, no redirects, bounded in time and size.

An address inside the own network is refused unless the operator allowed its network: who may set an endpoint must not thereby
reach what only the server can reach.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from gongkai.errors import GongkaiError, Refused

PAUSE = 10.0  # seconds without a byte
WHOLE = 30.0  # seconds in all
LARGEST_ANSWER = 64 * 1024
_TOO_SLOW = f"对方{WHOLE:.0f}秒内没有答完。"
_LONGEST_URL = 500
_THIS_MACHINE = ("localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[..., Sequence[tuple[Any, ...]]]


class NotPosted(GongkaiError):
    """The other side did not take it; the message says why, ``status`` what it answered, if it did."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Place:
    """Where to connect: the address that the name stood for when it was asked, once."""

    host: str
    port: int
    is_tls: bool
    target: str
    address: str


def checked_url(url: str) -> str:
    """The address as it may be set; :class:`Refused` for what could never be posted to."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        sound = bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or not url.isascii() or not url.isprintable() or " " in url or len(url) > _LONGEST_URL or parts.fragment:
        raise Refused("接口地址要写完整的网址，例如 https://push.example.gov.cn/gongkai，不超过500个字符。")
    if "@" in parts.netloc:
        raise Refused("接口地址里不能写用户名和密码，对方用签名核对是谁推送的。")
    if parts.scheme != "https" and (parts.scheme != "http" or settings.IS_PRODUCTION):
        raise Refused("接口地址要用https://开头。" if settings.IS_PRODUCTION else "接口地址要用https://或者http://开头。")
    literal = _written(str(parts.hostname))
    if literal is not None and not _is_allowed(literal):
        raise Refused(_INSIDE)
    return url


def _written(host: str) -> Address | None:
    """The address that a host is without asking anybody: however it is written, or a name of this machine."""
    host = host.rstrip(".").lower()
    if host in _THIS_MACHINE or host.endswith(".localhost"):
        return ipaddress.IPv4Address("127.0.0.1")
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))  # 127.1, 0x7f000001, 017700000001: what the system's own resolver takes
    except OSError:
        return None


_INSIDE = "接口地址指向内部网络，平台不能连接。确实要连接的，请运维人员把网段写进设置 GONGKAI_PUSH_NETWORKS。"


def post(url: str, body: bytes, headers: Mapping[str, str], *, resolve: Resolve = socket.getaddrinfo) -> int:
    """Post the body there; gives the answer's status, always 2xx. :class:`NotPosted` for everything else."""
    try:
        place = _place(urlsplit(checked_url(url)), resolve)
    except Refused as refusal:
        raise NotPosted(refusal.message) from refusal
    connection = _Connection(place)
    ender = threading.Timer(WHOLE, connection.cut)
    ender.start()
    try:
        status = _exchange(connection, place, body, headers)
        if connection.is_cut:  # what was read until then looks like an answer that ended early
            raise NotPosted(_TOO_SLOW)
        return status
    except ssl.SSLCertVerificationError as error:
        raise NotPosted("对方的证书不可信，没有推送。") from error
    except TimeoutError as error:
        raise NotPosted(f"对方{PAUSE:.0f}秒没有答复。") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotPosted(_TOO_SLOW if connection.is_cut else "连接不上对方，或者连接中断。") from error
    finally:
        ender.cancel()
        connection.close()


def _exchange(connection: _Connection, place: Place, body: bytes, headers: Mapping[str, str]) -> int:
    connection.request("POST", place.target, body=body, headers=dict(headers))
    with connection.getresponse() as answer:
        status = answer.status
        if len(answer.read(LARGEST_ANSWER + 1)) > LARGEST_ANSWER:
            raise NotPosted("对方的答复太长，当作没有成功。", status)
    if 300 <= status < 400:
        raise NotPosted(f"对方要求转到别的地址（{status}），平台不跟过去，请改正接口地址。", status)
    if not 200 <= status < 300:
        raise NotPosted(f"对方答复{status}，没有接收。", status)
    return status


def _place(parts: SplitResult, resolve: Resolve) -> Place:
    """Ask once for the name's addresses; one that is not allowed refuses them all."""
    host, is_tls = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    try:
        found = resolve(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotPosted("找不到接口地址里的主机名。") from error
    addresses = [str(row[4][0]).partition("%")[0] for row in found]
    if not addresses:
        raise NotPosted("找不到接口地址里的主机名。")
    if not all(_is_allowed(ipaddress.ip_address(address)) for address in addresses):
        raise NotPosted(_INSIDE)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(host, port, is_tls, target, addresses[0])


def _is_allowed(address: Address) -> bool:
    """Whether the platform may connect there: a public address, or one in a network that the operator named."""
    address = _inner(address)
    if any(address in network for network in settings.PUSH_NETWORKS):
        return True
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: Address) -> Address:
    """The address that an IPv6 address leads to where it only wraps an IPv4 one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


class _Connection(http.client.HTTPConnection):
    """Connects to the resolved address and to no other; the certificate is still asked for the name."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.host, place.port, timeout=PAUSE)
        self.place = place
        self.is_cut = False
        self.line: socket.socket | None = None
        self.default_port = 443 if place.is_tls else 80  # what the Host header leaves out

    def connect(self) -> None:
        """Open the connection."""
        plain = socket.create_connection((self.place.address, self.place.port), PAUSE)
        self.sock = self.line = plain
        if self.place.is_tls:
            self.sock = self.line = ssl.create_default_context().wrap_socket(plain, server_hostname=self.place.host)

    def cut(self) -> None:
        """End it from outside, because it takes too long in all."""
        self.is_cut = True
        if self.line is not None:
            with contextlib.suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)

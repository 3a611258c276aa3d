"""Pushes to another system, against a real server: signed, once in effect, never led elsewhere, and given up after a while."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import http.server
import ipaddress
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gongkai.errors import Refused
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.channels import outgoing, posting, queries
from gongkai.web.disclosure.channels.actions import Target, end_endpoint, retry, set_endpoint
from gongkai.web.disclosure.channels.models import Attempt, Endpoint
from gongkai.web.disclosure.channels.outgoing import deliver_due
from gongkai.web.disclosure.channels.posting import NotPosted, checked_url, post
from gongkai.web.disclosure.channels.values import retry as retries
from gongkai.web.disclosure.models import Delivery
from gongkai.web.disclosure.watch.sealed import sealed_rows_open
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.settings import moment
from gongkai.web.settings.keys import KeyLost
from gongkai.web.settings.networks import networks
from tests.web.conftest import DAY, County
from tests.web.test_channels import anew, confirm, delivery_of, refusal

SECRET = "a secret of twenty-nine letters"
NOW = datetime.datetime(2026, 3, 2, 10, 0, tzinfo=moment.ZONE)
HOME = "127.0.0.0/8, ::1/128"


@dataclass
class Station:
    """Another system: what it was sent, and what it answers."""

    port: int = 0
    status: int = 200
    answer: bytes = b"ok"
    location: str = ""
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/gongkai?from=platform"


@pytest.fixture
def station() -> Iterator[Station]:
    told = Station()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.got.append((self.path, dict(self.headers), body))
            self.send_response(told.status)
            if told.location:
                self.send_header("Location", told.location)
            self.end_headers()
            self.wfile.write(told.answer)

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def here(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.PUSH_NETWORKS = networks(HOME)
    settings.PUBLIC_ADDRESS = "https://open.example"


def endpoint(county: County, url: str, organ: str = "qinghe", **more: Any) -> Endpoint:
    agency = county.root if organ == "yunchuan" else county.organs[organ]
    target = Target(**{"channel": "wechat", "url": url, "secret": SECRET, **more})
    made: Endpoint = set_endpoint(person=county.person("yunchuan", "system_admin"), on=DAY, agency=agency, target=target)[0]
    return made


def later(**span: float) -> datetime.datetime:
    return NOW + datetime.timedelta(**span)


class TestPush:
    """What waits is posted, signed, and confirmed by the answer."""

    @pytest.mark.parametrize("signing", ["sm3", "sha256"])
    def test_it_arrives_signed(self, county: County, station: Station, signing: str) -> None:
        endpoint(county, station.url, signing=signing)
        publication = county.published(title="植树安排", summary="概述", channels=("wechat", "weibo"))
        assert deliver_due(NOW) == 1
        (path, headers, body), row = station.got[0], delivery_of(publication, "wechat")
        assert (len(station.got), path) == (1, "/gongkai?from=platform")
        told = json.loads(body)
        assert (told["event"], told["title"], told["text"], told["html"]) == (
            "publish", "植树安排", "现将本镇2026年春季植树安排予以公开。", "<p>现将本镇2026年春季植树安排予以公开。</p>",
        )  # fmt: skip
        assert (told["revision"], told["url"]) == (publication.revision.digest, f"https://open.example/d/{publication.item.slug}/")
        assert (told["index_number"], told["agency"], told["attachments"]) == ("qinghe/2026-00001", "云川县青禾镇人民政府", [])
        signed = f"{headers['Gongkai-Timestamp']}.{headers['Idempotency-Key']}.".encode() + body
        assert headers["Gongkai-Signature"] == f"{signing}={hmac.new(SECRET.encode(), signed, signing).hexdigest()}"
        assert headers["Gongkai-Timestamp"] == str(int(NOW.timestamp()))
        assert (row.confirmed_on, row.evidence) == (DAY, "推送送达，对方答复200")
        entry = row.confirmation
        assert (entry.action, entry.person, entry.duty, entry.facts["delivery"]) == ("channels.delivered", None, "system", row.pk)
        assert deliver_due(later(days=1)) == 0 and len(station.got) == 1
        assert delivery_of(publication, "weibo").confirmed_on is None
        assert list(verify()) == []

    def test_a_withdrawal_is_pushed_without_the_text(self, county: County, station: Station) -> None:
        endpoint(county, station.url)
        publication = county.published(body="<p>不该公开</p>", channels=("wechat",))
        deliver_due(NOW)
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="有误")
        assert deliver_due(later(minutes=1)) == 1
        told = json.loads(station.got[1][2])
        assert (told["event"], told["reason"], told["withdrawn_on"]) == ("withdraw", "有误", "2026-03-02")
        assert "不该公开" not in station.got[1][2].decode()
        assert station.got[0][1]["Idempotency-Key"] != station.got[1][1]["Idempotency-Key"]
        assert list(verify()) == []

    def test_an_attachment_has_its_address(self, county: County, station: Station) -> None:
        endpoint(county, station.url)
        item = county.draft(channels=("wechat",))
        actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=item, name="名单.txt", data=b"list")
        item.refresh_from_db()
        actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=county.reviewed(item))
        deliver_due(NOW)
        (row,) = json.loads(station.got[0][2])["attachments"]
        assert row["url"] == f"https://open.example/d/{item.slug}/files/{row['sm3']}/"
        assert (row["name"], row["size"], row["sm3"]) == ("名单.txt", 4, hashlib.new("sm3", b"list").hexdigest())

    def test_the_nearest_endpoint_serves(self, county: County, station: Station) -> None:
        above = endpoint(county, station.url, "yunchuan", covers_below=True)
        first, second = county.published(channels=("wechat",)), county.published("baishu", channels=("wechat",))
        own = endpoint(county, station.url)
        served = {row.pk: row.endpoint_id for row in queries.with_push(Delivery.objects.filter(channel="wechat"))}
        assert served == {delivery_of(first, "wechat").pk: own.pk, delivery_of(second, "wechat").pk: above.pk}
        endpoint(county, station.url, "yunchuan")
        served = {row.pk: row.endpoint_id for row in queries.with_push(Delivery.objects.filter(channel="wechat"))}
        assert served[delivery_of(second, "wechat").pk] is None

    def test_killed_between_answer_and_commit(self, county: County, station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
        """The other side has it, our database does not know: it is sent again under the same key, and confirmed once."""
        endpoint(county, station.url)
        publication = county.published(channels=("wechat",))

        def killed(*_: Any) -> int:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(outgoing, "_arrive", killed)
            deliver_due(NOW)
        assert [attempt.outcome for attempt in Attempt.objects.all()] == ["begun"]
        assert deliver_due(later(minutes=1)) == 0, "another worker may still be at it"
        assert deliver_due(later(minutes=retries().lease)) == 1
        keys = [headers["Idempotency-Key"] for _, headers, _ in station.got]
        assert len(keys) == 2 and len(set(keys)) == 1
        assert LedgerEntry.objects.filter(action="channels.delivered").count() == 1
        assert delivery_of(publication, "wechat").attempts.filter(outcome="delivered").count() == 1
        assert list(verify()) == []

    def test_what_perhaps_arrived_is_taken_down(self, county: County, station: Station) -> None:
        """A push that broke off may have arrived: when the item is withdrawn the other side is told."""
        endpoint(county, station.url)
        station.status = 500
        publication = county.published(channels=("wechat",))
        deliver_due(NOW)
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="有误")
        station.status = 200
        assert deliver_due(later(minutes=1)) == 1
        assert [json.loads(body)["event"] for _, _, body in station.got] == ["publish", "withdraw"]

    def test_a_person_was_quicker(self, county: County, station: Station) -> None:
        endpoint(county, station.url)
        station.status = 503
        publication = county.published(channels=("wechat",))
        deliver_due(NOW)
        confirm(county, delivery_of(publication, "wechat"))
        assert deliver_due(later(days=1)) == 0 and len(station.got) == 1

    def test_a_replacement_is_pushed_and_the_old_text_is_not(self, county: County, station: Station) -> None:
        endpoint(county, station.url)
        station.status = 500
        first = county.published(title="第一稿", channels=("wechat",))
        deliver_due(NOW)
        anew(county, first.item, title="第二稿", channels=("wechat",))
        station.status = 200
        assert deliver_due(later(days=1)) == 1
        assert [json.loads(body)["title"] for _, _, body in station.got] == ["第一稿", "第二稿"]


class TestFailure:
    """A failure is kept with its reason, repeated after growing pauses, and at last given up."""

    def test_pauses_and_giving_up(self, county: County, station: Station) -> None:
        endpoint(county, station.url)
        station.status = 503
        publication = county.published(channels=("wechat",))
        row, head, at = delivery_of(publication, "wechat"), county.person("qinghe", "office_head"), NOW
        for number, minutes in enumerate([*retries().minutes, None], start=1):
            deliver_due(at)
            deliver_due(at + datetime.timedelta(minutes=(minutes or 9999) - 0.5))
            assert len(station.got) == number
            if minutes is not None:
                assert queries.reminders(head) == [], "the platform still tries"
                at += datetime.timedelta(minutes=minutes)
        assert retries().most == 8 == len(station.got)
        assert deliver_due(at + datetime.timedelta(days=99)) == 0 and len(station.got) == 8
        (reminder,) = queries.reminders(head)
        assert reminder.failed is not None
        assert (reminder.failed.number, reminder.failed.status, reminder.failed.error) == (8, 503, "对方答复503，没有接收。")
        station.status = 204
        retry(person=head, on=DAY, delivery=row)
        assert queries.reminders(head) == []
        assert deliver_due(at + datetime.timedelta(days=1)) == 1
        assert [attempt.outcome for attempt in queries.attempts_of(row)] == ["delivered", "again", *["failed"] * 8]
        assert list(verify()) == []

    def test_another_endpoint_begins_anew(self, county: County, station: Station) -> None:
        endpoint(county, "http://127.0.0.1:9/closed")
        county.published(channels=("wechat",))
        deliver_due(NOW)
        assert Attempt.objects.get(outcome="failed").error == "连接不上对方，或者连接中断。"
        endpoint(county, station.url)
        assert deliver_due(NOW) == 1

    def test_a_dead_station_does_not_hold_up_the_others(self, county: County, station: Station) -> None:
        endpoint(county, "http://127.0.0.1:9/closed")
        endpoint(county, station.url, channel="weibo")
        for _ in range(3):
            county.published(channels=("wechat", "weibo"))
        assert deliver_due(NOW) == 3
        assert Attempt.objects.filter(outcome="failed").count() == 1

    def test_no_retry_for_what_was_never_pushed(self, county: County) -> None:
        row = delivery_of(county.published(channels=("wechat",)), "wechat")
        said = refusal(retry, person=county.person("qinghe", "drafter"), on=DAY, delivery=row)
        assert said == "这条信息还没有推送过，不用重新开始。"

    def test_events_are_never_changed(self, county: County, station: Station) -> None:
        endpoint(county, station.url)
        county.published(channels=("wechat",))
        deliver_due(NOW)
        for wrong in (lambda: Attempt.objects.update(error="x"), lambda: Attempt.objects.all().delete()):
            with pytest.raises(IntegrityError), transaction.atomic():
                wrong()
        with pytest.raises(IntegrityError), transaction.atomic():
            Endpoint.objects.update(url="https://elsewhere.example/")


class TestPost:
    """One POST: where it may go, and how it ends when something is wrong there."""

    @pytest.mark.parametrize(
        ("status", "location", "said"),
        [
            (302, "http://127.0.0.1:1/elsewhere", "对方要求转到别的地址（302），平台不跟过去，请改正接口地址。"),
            (401, "", "对方答复401，没有接收。"),
        ],
    )
    def test_no_redirects(self, station: Station, status: int, location: str, said: str) -> None:
        station.status, station.location = status, location
        with pytest.raises(NotPosted) as caught:
            post(station.url, b"{}", {})
        assert (caught.value.message, caught.value.status) == (said, status)
        assert len(station.got) == 1

    def test_an_endless_answer_is_cut(self, station: Station) -> None:
        station.answer = b"x" * (posting.LARGEST_ANSWER + 1)
        with pytest.raises(NotPosted, match="答复太长"):
            post(station.url, b"{}", {})

    def test_a_silent_side_is_left(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(posting, "PAUSE", 0.3)
        with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(NotPosted, match="没有答复"):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})

    def test_a_dripping_side_is_cut_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each byte comes in time, the whole never does."""
        monkeypatch.setattr(posting, "WHOLE", 0.6)
        ended = threading.Event()

        def drip(server: socket.socket) -> None:
            line, _ = server.accept()
            with line:
                try:
                    line.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                    while not ended.wait(0.05):
                        line.sendall(b"x")
                except OSError:
                    pass

        with socket.create_server(("127.0.0.1", 0)) as server:
            thread = threading.Thread(target=drip, args=(server,))
            thread.start()
            try:
                with pytest.raises(NotPosted, match="内没有答完"):
                    post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
            finally:
                ended.set()
                thread.join()

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
            "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1",
        ],
    )  # fmt: skip
    def test_private_addresses_are_refused(self, settings: Any, address: str) -> None:
        settings.PUSH_NETWORKS = ()
        asked: list[str] = []

        def resolve(host: str, port: int, **_: Any) -> list[Any]:
            asked.append(host)
            # A public address beside the private one does not help.
            return [(0, 0, 0, "", ("1.1.1.1", port)), (0, 0, 0, "", (address, port))]

        with pytest.raises(NotPosted, match="指向内部网络"):
            post("http://push.example/", b"{}", {}, resolve=resolve)
        assert asked == ["push.example"]
        literal = f"[{address}]" if ":" in address else address
        with pytest.raises(Refused, match="指向内部网络"):
            checked_url(f"http://{literal}/")

    @pytest.mark.parametrize(
        "host",
        [
            "localhost", "LocalHost", "localhost.", "push.localhost", "localhost.localdomain", "ip6-localhost", "127.1", "127.0.1",
            "0x7f000001", "0x7f.0.0.1", "2130706433", "017700000001", "0177.0.0.1", "10.1", "0xa9fea9fe", "127.0.0.1.", "0",
        ],
    )  # fmt: skip
    def test_this_machine_by_any_spelling_is_refused_when_it_is_set(self, settings: Any, host: str) -> None:
        settings.PUSH_NETWORKS = ()
        for url in (f"http://{host}/", f"https://{host}:8443/x"):
            with pytest.raises(Refused, match="指向内部网络"):
                checked_url(url)

    @pytest.mark.parametrize("host", ["1.1.1.1", "1.1", "0x01010101", "push.example", "localhost.example", "1e3.example"])
    def test_what_leads_outside_may_be_set(self, settings: Any, host: str) -> None:
        settings.PUSH_NETWORKS = ()
        assert checked_url(f"https://{host}/") == f"https://{host}/"

    def test_this_machine_may_be_set_where_the_operator_named_its_network(self) -> None:
        for host in ("localhost", "127.1", "0x7f000001"):
            assert checked_url(f"http://{host}/") == f"http://{host}/"

    def test_the_name_is_asked_once(self, station: Station) -> None:
        """Rebinding: a name that answers otherwise the second time is not asked a second time."""
        answers = iter([[(0, 0, 0, "", ("127.0.0.1", station.port))], [(0, 0, 0, "", ("127.9.9.9", station.port))]])
        asked: list[str] = []

        def resolve(host: str, port: int, **_: Any) -> list[Any]:
            asked.append(host)
            return next(answers)

        assert post(f"http://push.example:{station.port}/x", b"{}", {}, resolve=resolve) == 200
        assert asked == ["push.example"]
        assert station.got[0][1]["Host"] == f"push.example:{station.port}"

    def test_a_name_that_is_not_there(self) -> None:
        def resolve(*_: Any, **__: Any) -> list[Any]:
            raise socket.gaierror

        with pytest.raises(NotPosted, match="找不到接口地址里的主机名"):
            post("http://push.example/", b"{}", {}, resolve=resolve)

    def test_a_certificate_nobody_vouches_for(self, tmp_path: Path) -> None:
        with tls_server(tmp_path) as port, pytest.raises(NotPosted, match="证书不可信"):
            post(f"https://127.0.0.1:{port}/", b"{}", {})

    @pytest.mark.parametrize(
        "url",
        [
            "", "push.example", "ftp://a.example/", "https://", "https://a b.example/", "https://a.example/#x", "https://a.example:0/",
            "https://中文.example/", "https://u:p@a.example/", "https://[::1/", "https://a.example/" + "a" * 500, "file:///etc/passwd",
        ],
    )  # fmt: skip
    def test_what_is_no_address(self, url: str) -> None:
        with pytest.raises(Refused):
            checked_url(url)

    def test_only_https_in_production(self, settings: Any) -> None:
        settings.IS_PRODUCTION = True
        assert refusal(checked_url, url="http://push.example/") == "接口地址要用https://开头。"
        assert checked_url(" https://push.example/x?y=1 ") == "https://push.example/x?y=1"


def tls_server(folder: Path) -> Any:
    """A server with a certificate of its own making; gives its port."""
    import contextlib
    import ssl

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "push.example")])
    begun = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(begun).not_valid_after(begun + datetime.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "both.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

    @contextlib.contextmanager
    def served() -> Iterator[int]:
        with socket.create_server(("127.0.0.1", 0)) as server:
            thread = threading.Thread(target=_shake, args=(server, context))
            thread.start()
            yield server.getsockname()[1]
            thread.join()

    return served()


def _shake(server: socket.socket, context: Any) -> None:
    line, _ = server.accept()
    try:
        with context.wrap_socket(line, server_side=True) as safe:
            safe.recv(1)
    except OSError:
        line.close()


class TestEndpoints:
    """Only the system administrator sets them; the secret is sealed and shown once."""

    def test_the_secret_is_sealed_and_told_once(self, county: County) -> None:
        target = Target(channel="wechat", url="https://push.example/")
        admin = county.person("yunchuan", "system_admin")
        made, secret = set_endpoint(person=admin, on=DAY, agency=county.organs["qinghe"], target=target)
        assert len(secret) >= 32 and secret not in made.secret and made.opened_secret() == secret
        assert secret not in json.dumps([entry.content() for entry in LedgerEntry.objects.all()], default=str)
        sealed = made.secret
        made.close_with(secret)
        assert made.secret != sealed, "the same secret is never sealed the same way twice"
        assert list(verify()) == []

    def test_another_key_and_another_endpoint_open_nothing(self, county: County, settings: Any) -> None:
        one, other = endpoint(county, "https://push.example/"), endpoint(county, "https://other.example/", channel="weibo")
        assert sealed_rows_open(None) == []
        one.secret, own = other.secret, one.secret
        with pytest.raises(KeyLost, match="内容被改动过"):
            one.opened_secret()
        for wrong in ("", "sm4:", own[:-4], "x"):
            one.secret = wrong
            with pytest.raises(KeyLost):
                one.opened_secret()
        settings.DATA_KEYS = {"other": b"k" * 32}
        one.secret = own
        with pytest.raises(KeyLost, match="GONGKAI_DATA_KEYS"):
            one.opened_secret()
        (error,) = sealed_rows_open(None)
        assert error.id == "gongkai.E003" and "推送接口的密钥" in error.msg

    def test_a_secret_that_cannot_be_opened_fails_with_words(self, county: County, station: Station, settings: Any) -> None:
        endpoint(county, station.url)
        county.published(channels=("wechat",))
        settings.DATA_KEYS = {"other": b"k" * 32}
        assert deliver_due(NOW) == 0
        assert "平台没有名为" in Attempt.objects.get(outcome="failed").error and station.got == []

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"channel": "site"}, "请选择要推送的渠道。政府网站由平台直接发布，移送档案馆、图书馆用移送明细表，都不用接口。"),
            ({"channel": "gossip"}, "请选择要推送的渠道。政府网站由平台直接发布，移送档案馆、图书馆用移送明细表，都不用接口。"),
            ({"secret": "short"}, "密钥要有16到128个字符，用英文字母、数字和符号；留空时由平台生成。"),
            ({"secret": "密" * 20}, "密钥要有16到128个字符，用英文字母、数字和符号；留空时由平台生成。"),
            ({"signing": "md5"}, "请选择签名算法。"),
        ],
    )
    def test_what_cannot_be_set(self, county: County, changes: dict[str, str], said: str) -> None:
        target = Target(**{"channel": "wechat", "url": "https://push.example/", **changes})
        admin = county.person("yunchuan", "system_admin")
        assert refusal(set_endpoint, person=admin, on=DAY, agency=county.organs["qinghe"], target=target) == said

    def test_only_the_system_administrator(self, county: County) -> None:
        target = Target(channel="wechat", url="https://push.example/")
        for duty in ("drafter", "office_head"):
            assert "没有办理这件事的岗位" in refusal(
                set_endpoint, person=county.person("qinghe", duty), on=DAY, agency=county.organs["qinghe"], target=target
            )

    def test_an_end_with_a_reason(self, county: County, station: Station) -> None:
        made = endpoint(county, station.url)
        admin = county.person("yunchuan", "system_admin")
        county.published(channels=("wechat",))
        assert refusal(end_endpoint, person=admin, on=DAY, endpoint=made, reason=" ") == "请写明停用的理由。"
        end_endpoint(person=admin, on=DAY, endpoint=made, reason="换了系统")
        assert refusal(end_endpoint, person=admin, on=DAY, endpoint=made, reason="再来") == "这个接口已经停用。"
        assert deliver_due(NOW) == 0 and station.got == []
        assert len(queries.reminders(county.person("qinghe", "drafter"))) == 1
        assert list(verify()) == []

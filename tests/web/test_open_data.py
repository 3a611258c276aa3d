"""The files of a year add up to the registers and say nothing that is not public; feeds, sitemap and catalogue lead to what stands."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import duckdb
import pytest
from django.conf import settings
from django.test import Client

from gongkai.web.disclosure import actions
from gongkai.web.disclosure.about import actions as about
from gongkai.web.disclosure.registers import actions as register_actions
from gongkai.web.disclosure.registers.models import Decision, Document, Fee
from gongkai.web.ledger.work import WORK
from gongkai.web.portal.data import dumps, sitemap
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County
from tests.web.open_county import NOON, SECRETS, Open, as_rows, body_of, fresh_process, opened_county
from tests.web.register_rows import D, add

__all__ = ["fresh_process", "opened_county"]  # the fixtures

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def made(opened_county: Open) -> Open:
    """The county after a round of the worker's job."""
    assert dumps.MAKER.run() > 0
    return opened_county


@pytest.fixture(autouse=True)
def new_maker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered from another test."""
    monkeypatch.setattr(dumps, "MAKER", dumps.Maker())


def fetched(name: str, folder: Path) -> Path:
    """A file as somebody downloads it."""
    answer = Client().get(f"/data/{name}")
    assert answer.status_code == 200
    target = folder / name
    target.write_bytes(body_of(answer))
    return target


def asked(statement: str, file: Path) -> list[Any]:
    """What DuckDB finds in a file, which stands as ``here`` in the statement."""
    reader = f"read_parquet('{file}')" if file.suffix == ".parquet" else f"read_csv('{file}', header = true)"
    return duckdb.sql(statement.replace("here", reader)).fetchall()


def status(name: str) -> int:
    """How the platform answers to who wants that file."""
    answer = Client().get(f"/data/{name}")
    body_of(answer)
    return answer.status_code


def names() -> list[str]:
    return sorted(dump.name for dump in dumps.standing())


class TestTheYear:
    """The dump of a year, read by somebody else's program."""

    @pytest.mark.parametrize("form", ["parquet", "csv"])
    def test_it_adds_up_to_the_registers(self, made: Open, tmp_path: Path, form: str) -> None:
        year, organ = (D(2026, 1, 1), D(2026, 12, 31)), made.county.organs["qinghe"]
        rows = {
            kind: Decision.objects.filter(register=kind, agency=organ, ended_by=None, decided_on__range=year).count()
            for kind in ("licence", "penalty")
        }  # fmt: skip
        documents = Document.objects.filter(register="normative_document", agency=organ, ended_by=None)
        n_issued, n_held = documents.filter(issued_on__range=year).count(), documents.filter(in_force_from__lte=year[1]).count()
        wan = sum((row.amount_wan for row in Fee.objects.filter(agency=organ, ended_by=None, collected_on__range=year)), Decimal(0))
        assert (rows, n_issued, n_held, wan) == ({"licence": 1, "penalty": 3}, 1, 2, Decimal("1.650001"))

        file = fetched(f"registers-2026.{form}", tmp_path)
        said = "SELECT kind, sum(decided) FROM here WHERE organ = 'qinghe' AND decided > 0 GROUP BY kind ORDER BY kind"
        assert asked(said, file) == list(rows.items())
        said = "SELECT sum(issued), sum(repealed), sum(in_force) FROM here WHERE kind = 'normative_document' AND organ = 'qinghe'"
        assert asked(said, file) == [(n_issued, 0, n_held)]
        said = "SELECT sum(CAST(amount_wan AS DECIMAL(24, 6))), sum(n_receipts) FROM here WHERE kind = 'fee'"
        assert asked(said, file) == [(wan, 3)]

    def test_the_figures_are_the_same_and_silence_is_empty(self, made: Open, tmp_path: Path) -> None:
        file = fetched("figures-2026.parquet", tmp_path)
        said = "SELECT value, source FROM here WHERE organ = 'qinghe' AND address = '{}'"
        assert asked(said.format("t2.penalties.decisions"), file) == [(Decimal(3), "register")]
        assert asked(said.format("t2.admin_fees.amount_wan"), file) == [(Decimal("1.650001"), "register")]
        assert asked(said.format("t2.coercion.decisions"), file) == [(None, "silent")]
        assert asked("SELECT count(DISTINCT organ) FROM here", file) == [(4,)]

    def test_the_items_with_their_text(self, made: Open, tmp_path: Path) -> None:
        file = fetched("items-2026.parquet", tmp_path)
        assert asked("SELECT count(*), count(DISTINCT id) FROM here", file) == [(3, 3)]
        said = "SELECT title, published_on, validity, text, html, topics FROM here WHERE kind = 'policy'"
        expected = ("青禾镇河道保洁办法", DAY, "in_force", "河道保洁办法。", "<p>河道<strong>保洁</strong>办法。</p>", [])
        assert asked(said, file) == [expected]
        assert asked("SELECT count(*) FROM here", fetched("items-2026.csv", tmp_path)) == [(3,)]

    def test_a_year_before_counts_what_it_should(self, made: Open, tmp_path: Path) -> None:
        assert names() == sorted(f"{kind}.{form}" for kind in (
            "items-2026", "registers-2026", "registers-2024", "figures-2026", "figures-2024") for form in ("csv", "parquet"))  # fmt: skip
        assert asked("SELECT number, issued FROM here", fetched("registers-2024.csv", tmp_path)) == [("青政规〔2024〕2号", 1)]

    def test_the_question_of_the_how_to_is_answered(self, made: Open, root: Path, tmp_path: Path) -> None:
        page = (root / "docs" / "how-to" / "use-open-data.md").read_text(encoding="utf-8")
        said = page.partition('duckdb.sql("""')[2].partition('""")')[0]
        file = fetched("registers-2026.parquet", tmp_path)
        assert duckdb.sql(said.replace("registers-2024.parquet", str(file))).fetchall() == [
            ("云川县青禾镇人民政府", "licence", 1), ("云川县青禾镇人民政府", "penalty", 3),
        ]  # fmt: skip

    def test_a_spreadsheet_runs_nothing_of_it(self, made: Open) -> None:
        data = body_of(Client().get("/data/items-2026.csv"))
        assert data.startswith(b"\xef\xbb\xbfid,")
        assert "'=HYPERLINK(A1) 柏树乡春季植树安排" in data.decode()
        assert b",=" not in data
        assert b"\n=" not in data

    def test_nothing_of_the_office_is_in_any_file(self, made: Open, tmp_path: Path) -> None:
        for name in names():
            file = fetched(name, tmp_path)
            text = json.dumps(asked("SELECT * FROM here", file), ensure_ascii=False, default=str)
            assert [secret for secret in (*SECRETS, *made.county.people) if secret in text] == []
            assert made.withdrawn.item.slug not in text


class TestMaking:
    """Made when something changed, shut at once when it says too much."""

    def test_it_is_a_job_of_the_worker(self) -> None:
        assert [job.run for job in WORK if job.name == "open_data"] == [dumps.make_due]

    def test_nothing_is_made_twice(self, made: Open) -> None:
        before = dumps.standing()
        assert dumps.MAKER.run() == 0
        assert dumps.Maker().run() == 0
        assert dumps.standing() == before

    def test_what_is_new_waits_until_the_file_is_old_enough(self, made: Open) -> None:
        made.county.published("baishu", title="新的通知")
        assert dumps.MAKER.run() == 0
        assert status("items-2026.csv") == 200
        with moment.at(NOON + 11 * MINUTE):
            assert dumps.MAKER.run() == 2
        assert "新的通知" in body_of(Client().get("/data/items-2026.csv")).decode()
        assert len(list(Path(settings.DUMP_ROOT).iterdir())) == len(names()) + 1

    def test_a_withdrawal_shuts_the_file_until_it_is_made_anew(self, made: Open) -> None:
        head = made.county.person("qinghe", "office_head")
        actions.withdraw(person=head, on=DAY, publication=made.policy, reason="有误")
        for name in ("items-2026.csv", "items-2026.parquet"):
            answer = Client().get(f"/data/{name}")
            assert (answer.status_code, answer["Retry-After"]) == (503, "60")
            assert "正在重新制作" in answer.json()["error"]["message"]
        assert dumps.MAKER.run() > 0
        assert "河道保洁" not in body_of(Client().get("/data/items-2026.csv")).decode()

    def test_so_does_a_decision_that_is_public_no_more(self, made: Open) -> None:
        head = made.county.person("qinghe", "office_head")
        actions.withdraw(person=head, on=DAY, publication=made.licence, reason="有误")
        assert Client().get("/data/registers-2026.csv").status_code == 503
        dumps.MAKER.run()
        assert "青禾许〔2026〕1号" not in body_of(Client().get("/data/registers-2026.csv")).decode()

    def test_and_a_row_that_was_corrected(self, made: Open) -> None:
        row = Decision.objects.get(number="青禾罚决〔2026〕1号")
        values = {**row.values(), "index_number": "", "is_published": False}
        register_actions.correct_row(person=made.officer, on=DAY, row=row, values=values, reason="其实没有公开")
        assert Client().get("/data/registers-2026.parquet").status_code == 503
        dumps.MAKER.run()
        assert "青禾罚决" not in body_of(Client().get("/data/registers-2026.csv")).decode()

    def test_a_document_lapses_by_its_day(self, made: Open) -> None:
        head = made.county.person("qinghe", "office_head")
        about.set_validity(person=head, on=DAY, item=made.policy.item, state="lapsed", since_on=D(2026, 4, 1), reason="有效期满")
        with moment.at(NOON + 11 * MINUTE):
            dumps.MAKER.run()
        with moment.at(NOON.replace(month=4, day=1)):
            assert dumps.MAKER.run() == 2
            rows = {row["kind"]: row["validity"] for row in as_rows(_like(Client().get("/data/items-2026.csv")))}
        assert rows["policy"] == "lapsed"

    def test_a_lost_file_is_made_anew(self, made: Open) -> None:
        dump = dumps.found("items-2026.csv")
        assert dump is not None
        dump.path.unlink()
        assert Client().get("/data/items-2026.csv").status_code == 503
        assert dumps.MAKER.run() == 2
        assert status("items-2026.csv") == 200

    def test_a_year_without_anything_has_no_file(self, county: County) -> None:
        assert dumps.MAKER.run() == 0
        assert dumps.standing() == []
        assert Client().get("/data/items-2026.csv").status_code == 404
        assert "数据文件还没有做好" in Client().get("/data/").content.decode()

    def test_rows_pass_by_and_are_not_gathered(self, opened_county: Open, monkeypatch: pytest.MonkeyPatch) -> None:
        """However many there are, no more than a piece is held: the first is written before the third piece is asked for."""
        given, written = [], []

        def rows(year: int, site: str, on: datetime.date) -> Iterator[dict[str, Any]]:
            for number in range(5 * dumps.PIECE):
                given.append(number)
                yield {name: None for name in dumps.COLUMNS["figures"]}

        def counted(value: Any) -> str:
            written.append(len(given))
            return ""

        monkeypatch.setattr(dumps, "ROWS", {"figures": rows})
        monkeypatch.setattr(dumps, "cell", counted)
        Path(settings.DUMP_ROOT).mkdir()
        assert dumps.make("figures", 2026, "mark")[0].n_rows == 5 * dumps.PIECE
        assert (written[0], written[-1]) == (dumps.PIECE, 5 * dumps.PIECE)


class TestFiles:
    """What a file says of itself, and where it is found."""

    def test_who_has_it_already_gets_nothing(self, made: Open) -> None:
        first = Client().get("/data/items-2026.parquet")
        data = body_of(first)
        assert first["Content-Type"] == "application/vnd.apache.parquet"
        assert first["Content-Length"] == str(len(data))
        assert 'filename="items-2026.parquet"' in first["Content-Disposition"]
        again = Client().get("/data/items-2026.parquet", headers={"if-none-match": first["ETag"]})
        assert (again.status_code, body_of(again)) == (304, b"")
        bare = Client().head("/data/items-2026.parquet")
        assert (bare.status_code, bare["Content-Length"], body_of(bare)) == (200, str(len(data)), b"")

    @pytest.mark.parametrize("name", ["items-2027.csv", "manifest.json", "..%2Fgongkai.sqlite3", "items-2026.xlsx"])
    def test_nothing_else_lies_there(self, made: Open, name: str) -> None:
        assert Client().get(f"/data/{name}").status_code == 404

    def test_the_page_lists_them(self, made: Open) -> None:
        page = Client().get("/data/").content.decode()
        assert [name for name in names() if f'href="/data/{name}"' not in page] == []

    def test_the_catalogue_names_each_with_its_digest(self, made: Open) -> None:
        answer = Client().get("/data/catalog.jsonld")
        assert answer["Content-Type"] == "application/ld+json; charset=utf-8"
        found = json.loads(answer.content)
        assert (found["@type"], found["@id"]) == ("dcat:Catalog", "http://testserver/data/catalog.jsonld")
        assert found["dct:publisher"]["foaf:name"]["@value"] == "云川县人民政府"
        files = [file for one in found["dcat:dataset"] for file in one["dcat:distribution"]]
        assert sorted(file["dct:title"] for file in files) == names()
        for file in files:
            data = body_of(Client().get(file["dcat:downloadURL"]["@id"].removeprefix("http://testserver")))
            assert hashlib.sha256(data).hexdigest() == file["spdx:checksum"]["spdx:checksumValue"]["@value"]
            assert file["dcat:byteSize"]["@value"] == str(len(data))
        assert found["dcat:service"][0]["dcat:endpointDescription"]["@id"] == "http://testserver/api/openapi.json"

    def test_the_catalogue_is_new_as_soon_as_the_files_are(self, opened_county: Open) -> None:
        before = Client().get("/data/catalog.jsonld")
        dumps.MAKER.run()
        after = Client().get("/data/catalog.jsonld", headers={"if-none-match": before["ETag"]})
        assert (after.status_code, before.json()["dcat:dataset"]) == (200, [])


class TestFeeds:
    """What is new, as Atom."""

    def entries(self, address: str) -> list[ET.Element]:
        answer = Client().get(address)
        assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
        return ET.fromstring(answer.content).findall(f"{ATOM}entry")

    def titles(self, address: str) -> list[str | None]:
        return [entry.findtext(f"{ATOM}title") for entry in self.entries(address)]

    def test_of_everybody_an_organ_and_a_column(self, opened_county: Open) -> None:
        licence, policy = "青禾镇林木采伐许可办理结果", "青禾镇河道保洁办法"
        assert self.titles("/feed.xml") == [licence, "=HYPERLINK(A1) 柏树乡春季植树安排", policy]
        assert self.titles("/o/qinghe/feed.xml") == [licence, policy]
        assert self.titles("/o/qinghe/content/a20_01/feed.xml") == [policy]
        assert self.titles("/o/jiaotong/feed.xml") == []

    def test_an_entry_is_known_by_its_address(self, opened_county: Open) -> None:
        entry = self.entries("/o/qinghe/content/a20_01/feed.xml")[0]
        address = f"http://testserver/d/{opened_county.policy.item.slug}/"
        assert entry.findtext(f"{ATOM}id") == address
        assert entry.findtext(f"{ATOM}summary") == "河道怎样保洁"
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == "云川县青禾镇人民政府"
        assert entry.findtext(f"{ATOM}updated") == opened_county.policy.published_at.astimezone(datetime.UTC).isoformat()

    def test_an_organ_without_a_site_is_read_through_the_county(self, opened_county: Open) -> None:
        organ = opened_county.county.organs["baishu"]
        organ.has_site = False
        organ.save()
        assert self.titles("/o/yunchuan/feed.xml") == ["=HYPERLINK(A1) 柏树乡春季植树安排"]


class TestSitemap:
    """Every page that search engines may show, and the office none of them."""

    def places(self, address: str) -> dict[str, str | None]:
        found = ET.fromstring(Client().get(address).content)
        return {str(row.findtext(f"{MAP}loc")).removeprefix("http://testserver"): row.findtext(f"{MAP}lastmod") for row in found}

    def test_index_and_parts_lead_to_pages_that_stand(self, opened_county: Open) -> None:
        index = self.places("/sitemap.xml")
        assert list(index) == ["/sitemap-pages.xml", "/sitemap-2026-1.xml"]
        items = self.places("/sitemap-2026-1.xml")
        published = (opened_county.policy, opened_county.notice, opened_county.licence)
        assert set(items) == {f"/d/{publication.item.slug}/" for publication in published}
        assert items[f"/d/{opened_county.policy.item.slug}/"] == opened_county.policy.published_at.astimezone(moment.ZONE).isoformat(
            timespec="seconds"
        )
        pages = self.places("/sitemap-pages.xml")
        assert pages["/o/qinghe/content/a20_01/"] == "2026-03-02"
        assert {address: status for address in pages if (status := Client().get(address).status_code) != 200} == {}
        assert [address for address in (*items, *pages) if address.startswith(("/office", "/account"))] == []

    def test_a_year_is_cut_into_parts(self, opened_county: Open, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sitemap, "PART", 2)
        parts = [address for address in self.places("/sitemap.xml") if "2026" in address]
        assert parts == ["/sitemap-2026-1.xml", "/sitemap-2026-2.xml"]
        assert [len(self.places(address)) for address in parts] == [2, 1]

    def test_robots_are_told_where_it_is_and_what_is_not_theirs(self, opened_county: Open) -> None:
        lines = Client().get("/robots.txt").content.decode().splitlines()
        assert {"User-agent: *", "Disallow: /office/", "Disallow: /account/", "Sitemap: http://testserver/sitemap.xml"} <= set(lines)


def _like(answer: Any) -> Any:
    """A streamed answer as one that was not."""
    answer.streaming = False
    data = b"".join(answer.streaming_content)
    return type("Whole", (), {"content": data})()


def test_a_file_made_while_a_decision_is_added_is_made_again(made: Open) -> None:
    add(made.officer, made.county.organs["qinghe"], "coercion", number="青禾强决〔2026〕1号", matter="拆除", decided_on=D(2026, 2, 1))
    with moment.at(NOON + 11 * MINUTE):
        assert dumps.MAKER.run() >= 4
    assert "青禾强决〔2026〕1号" in body_of(Client().get("/data/registers-2026.csv")).decode()

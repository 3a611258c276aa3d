"""The registers' screens, used as an officer does, and walked as who may not."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import post_kinds
from gongkai.web.disclosure.registers.models import Decision, DeclaredFigure, Fee, NilReturn
from gongkai.web.ledger.models import LedgerEntry
from tests.web.conftest import County
from tests.web.register_rows import GOOD, HEAD, add, broken
from tests.web.test_walk import client_of


class TestScreens:
    """The registers' screens, used as an officer does."""

    @pytest.fixture
    def client(self, officer: Any) -> Client:
        return client_of(officer)

    def page(self, client: Client, name: str, **asked: Any) -> str:
        answer = client.get(reverse(f"office:{name}", query=asked))
        assert answer.status_code == 200
        text: str = answer.content.decode() if not answer.streaming else ""
        return text

    def test_a_decision_is_added_corrected_and_struck(self, client: Client, organ: Agency) -> None:
        values = {
            "agency": organ.pk, "register": "penalty", "number": "青禾罚决[2026]7号", "decided_on": "2026-02-03", "matter": "焚烧秸秆", "is_published": "no",
        }  # fmt: skip
        assert client.post(reverse("office:register_add"), values).status_code == 302
        row = Decision.objects.get()
        assert (row.number, row.is_published) == ("青禾罚决〔2026〕7号", False)
        again = client.post(reverse("office:register_add"), values)
        assert again.status_code == 422 and "已经登记过，不能再登记一次" in again.content.decode()
        address = reverse("office:register_correct", args=["penalty", row.pk])
        assert 'value="2026-02-03"' in client.get(address).content.decode()
        assert client.post(address, {**values, "is_published": "yes", "reason": "已经公开"}).status_code == 302
        new = Decision.objects.get(ended_by=None)
        assert (new.supersedes, new.is_published) == (row, True)
        assert client.post(reverse("office:register_strike", args=["penalty", new.pk]), {"reason": "登记错了机关"}).status_code == 302
        text = self.page(client, "registers", register="penalty", year=2026)
        assert "已更正" in text and "已删去" in text and "登记错了机关" in text
        assert broken() == []

    def test_a_fee_of_a_month(self, client: Client, organ: Agency) -> None:
        values = {
            "agency": organ.pk, "register": "fee", "charge": "清洁费", "amount_wan": "0.125", "collected_on": "2026-01-20", "is_monthly": "on",
        }  # fmt: skip
        assert client.post(reverse("office:register_add"), values).status_code == 302
        row = Fee.objects.get()
        text = self.page(client, "registers", register="fee")
        assert "2026-01<" in text and ">0.125<" in text
        assert 'value="0.125"' in client.get(reverse("office:register_correct", args=["fee", row.pk])).content.decode()

    def test_a_file_is_taken_in_or_its_faults_are_listed(self, client: Client, organ: Agency) -> None:
        address = reverse("office:register_import")
        bad = SimpleUploadedFile("a.csv", (HEAD + "甲1,2026-13-01,焚烧秸秆,是\n").encode())
        answer = client.post(address, {"agency": organ.pk, "register": "penalty", "file": bad})
        text = answer.content.decode()
        assert answer.status_code == 422 and not Decision.objects.exists()
        assert "文件有1处要改。一条都没有导入，改好后请重新导入整个文件。" in text
        assert "“2026-13-01”不是存在的日期" in text and "请写成2026-03-02的样子。" in text
        good = SimpleUploadedFile("a.csv", GOOD.encode())
        assert client.post(address, {"agency": organ.pk, "register": "penalty", "file": good}).status_code == 302
        assert Decision.objects.count() == 2
        answer = client.get(reverse("office:register_export", query={"register": "penalty", "year": 2026}))
        assert answer["Content-Disposition"] == 'attachment; filename="qinghe-penalty-2026.csv"'
        assert answer.content.startswith("\ufeff文号,决定日期".encode())

    def test_figures_nil_returns_and_table_two(self, client: Client, organ: Agency) -> None:
        figure = {
            "agency": organ.path,
            "year": 2024,
            "address": "t2.licensing.decisions",
            "value": "170",
            "source": "许可系统",
            "evidence": "导出表",
        }
        assert client.post(reverse("office:declared"), figure).status_code == 302
        assert client.post(reverse("office:declared"), {**figure, "value": "1.5"}).status_code == 422
        nil = {"agency": organ.path, "year": 2024, "register": "penalty"}
        assert client.post(reverse("office:nil_returns"), nil).status_code == 302
        assert "已申报本年无" in self.page(client, "nil_returns", year=2024)
        assert "许可系统" in self.page(client, "declared", year=2024)
        text = self.page(client, "table_two", year=2024)
        assert "还有8格没有数字" in text and ">170<" in text and ">0<" in text
        assert "没有登记，也没有申报“本年无”" in text
        row = DeclaredFigure.objects.get()
        assert client.post(reverse("office:register_strike", args=["declared", row.pk]), {"reason": "误报"}).status_code == 302
        assert (
            client.post(reverse("office:register_strike", args=["nil_return", NilReturn.objects.get().pk]), {"reason": "误报"}).status_code
            == 302
        )
        assert "还有10格没有数字" in self.page(client, "table_two", year=2024)

    def test_addresses_that_are_not_there(self, client: Client, organ: Agency, county: County) -> None:
        row = add(county.person("baishu", "drafter"), county.organs["baishu"], "penalty")
        for address in (
            reverse("office:registers", query={"agency": county.organs["baishu"].path}),
            reverse("office:table_two", query={"agency": county.organs["baishu"].path}),
            reverse("office:registers", query={"register": "gossip"}),
            reverse("office:registers", query={"agency": "qinghe/\0"}),
            reverse("office:table_two", query={"year": 1990}),
            reverse("office:declared", query={"year": 1990}),
            reverse("office:register_correct", args=["penalty", row.pk]),
            reverse("office:register_correct", args=["licence", row.pk]),
            reverse("office:register_correct", args=["nil_return", 1]),
        ):
            assert (address, client.get(address).status_code) == (address, 404)
        for kind in ("penalty", "gossip", "declared"):
            assert client.post(reverse("office:register_strike", args=[kind, row.pk]), {"reason": "x"}).status_code == 404
        assert Decision.objects.get(ended_by=None) == row

    def test_no_row_is_slipped_into_a_foreign_organ(self, client: Client, organ: Agency, county: County) -> None:
        foreign = county.organs["baishu"]
        values = {
            "agency": foreign.pk,
            "register": "penalty",
            "number": "1",
            "decided_on": "2026-02-03",
            "matter": "x",
            "is_published": "no",
        }
        assert client.post(reverse("office:register_add"), values).status_code == 422
        file = SimpleUploadedFile("a.csv", GOOD.encode())
        assert (
            client.post(reverse("office:register_import"), {"agency": foreign.pk, "register": "penalty", "file": file}).status_code == 422
        )
        nil = {"agency": foreign.path, "year": 2024, "register": "penalty"}
        assert client.post(reverse("office:nil_returns"), nil).status_code == 404
        assert not LedgerEntry.objects.exists()

    @pytest.mark.parametrize("duty", sorted(post_kinds()))
    def test_only_who_keeps_registers_writes_in_them(self, organ: Agency, county: County, duty: str) -> None:
        """Posting every act: the ledger grows only by what the post allows."""
        row = add(county.person("qinghe", "office_head"), organ, "penalty")
        known = LedgerEntry.objects.count()
        client = client_of(county.person("qinghe", duty))
        decision = {
            "agency": organ.pk,
            "register": "licence",
            "number": "许1",
            "decided_on": "2026-02-03",
            "matter": "x",
            "is_published": "no",
        }
        client.post(reverse("office:register_add"), decision)
        client.post(reverse("office:register_correct", args=["penalty", row.pk]), {**decision, "number": "罚2", "reason": "写错"})
        file = SimpleUploadedFile("a.csv", GOOD.encode())
        client.post(reverse("office:register_import"), {"agency": organ.pk, "register": "coercion", "file": file})
        nil = {"agency": organ.path, "year": 2024, "register": "fee"}
        client.post(reverse("office:nil_returns"), nil)
        figure = {"agency": organ.path, "year": 2024, "address": "t2.rules.issued", "value": "0", "source": "系统", "evidence": "导出表"}
        client.post(reverse("office:declared"), figure)
        last = Decision.objects.filter(register="penalty", ended_by=None).get()
        client.post(reverse("office:register_strike", args=["penalty", last.pk]), {"reason": "试一试"})
        done = [
            name.removeprefix("disclosure.") for name in LedgerEntry.objects.order_by("number").values_list("action", flat=True)[known:]
        ]
        every = ["register", "correct_register", "import", "nil_return", "declare", "strike"]
        assert done == {"office_head": every, "report_officer": every, "drafter": every[:2]}.get(duty, [])

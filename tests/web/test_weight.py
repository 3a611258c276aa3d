"""No list is heavier than 40 KB compressed when it shows 200 rows: what the township waits for on a slow line."""

from __future__ import annotations

import gzip
import sys
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.web.agencies.accounts.models import SignInRecord
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.channels.transfers import Terms, make_list
from gongkai.web.disclosure.material import actions as material_actions
from gongkai.web.disclosure.material.values import Handing
from gongkai.web.disclosure.past import actions as past
from gongkai.web.disclosure.soliciting import actions as soliciting
from gongkai.web.disclosure.standing import actions as standing_actions
from gongkai.web.settings import moment
from tests.web import solicited
from tests.web.conftest import DAY, County
from tests.web.test_past import approve, hand_in, row, table
from tests.web.test_walk import client_of

ROWS = 200
MOST_BYTES = 40_000


@pytest.fixture(autouse=True)
def two_hundred_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """On every page, wherever its length is written."""
    lengths = [
        (module, length)
        for name, module in list(sys.modules.items())
        for length in ("PAGE", "SHOWN")
        if name.startswith("gongkai.web.") and hasattr(module, length)
    ]
    assert len(lengths) > 5
    for module, length in lengths:
        monkeypatch.setattr(module, length, ROWS)


def weigh(client: Client, name: str, *arguments: Any, **asked: Any) -> int:
    """How many rows the page shows, after making sure that it is light."""
    answer = client.get(reverse(name, args=arguments), asked)
    assert answer.status_code == 200
    assert len(gzip.compress(answer.content, 6)) < MOST_BYTES
    html = answer.content.decode()
    return max(html.count("<tr>") - 1, html.count("<li>\n<div"), html.count('class="row-title"'))


class TestPublished:
    """Lists of what was published, taken in from an old site."""

    @pytest.fixture(autouse=True)
    def taken_in(self, county: County) -> None:
        lines = [row(n, 标题=f"关于做好第{n}号专项检查和整改工作的通知", 文号=f"青政〔2019〕{n}号") for n in range(ROWS)]
        past.take_all(approve(county, hand_in(county, table(*lines))))

    def test_the_rows_of_a_channel(self, county: County) -> None:
        client = client_of(county.person("qinghe", "office_head"))
        assert weigh(client, "office:channel_rows", year=2019) == ROWS

    def test_a_list_to_hand_over(self, county: County) -> None:
        since, until = DAY.replace(year=2019, month=1), DAY.replace(year=2019, month=12)
        terms = Terms(since_on=since, until_on=until, receivers="县档案馆")
        made = make_list(person=county.person("qinghe", "drafter"), on=DAY, agency=county.organs["qinghe"], terms=terms)
        assert weigh(client_of(county.person("qinghe", "office_head")), "office:transfer", made.pk) == ROWS

    def test_the_public_list(self) -> None:
        assert weigh(Client(), "portal:home") == 16, "ten of all, six notices"
        assert weigh(Client(), "portal:kind", "all") == ROWS


class TestOffice:
    """Lists of the office beside the items."""

    def test_what_is_late_and_the_ledger_of_it(self, county: County) -> None:
        for number in range(ROWS):
            county.draft(title=f"关于开展第{number}号专项检查工作的通知")
        assert weigh(client_of(county.person("qinghe", "office_head")), "office:watch") == ROWS
        assert weigh(client_of(county.person("yunchuan", "auditor")), "office:ledger") == ROWS

    def test_what_is_withheld(self, county: County) -> None:
        early = {"attribute": "withheld", "attribute_reason": "讨论记录，条例第十六条第二款", "formed_on": DAY.replace(year=2020)}
        for number in range(ROWS):
            county.draft(title=f"第{number}次讨论记录", **early)
        assert weigh(client_of(county.person("qinghe", "office_head")), "office:withheld") == ROWS

    def test_the_records_of_an_item(self, county: County) -> None:
        drafter, item = county.person("qinghe", "drafter"), county.draft()
        for number in range(ROWS // 2):
            attached = actions.attach(person=drafter, on=DAY, item=item, name="名单.txt", data=f"第{number}份名单".encode())
            digest = attached.current.content["attachments"][0]["digest"]
            item = actions.detach(person=drafter, on=DAY, item=attached, digest=digest)
        # The draft and what was done to it since, and as many revisions.
        assert weigh(client_of(drafter), "office:item", item.pk) >= 2 * ROWS

    def test_sign_ins(self, county: County) -> None:
        for number in range(ROWS):
            who, organ = county.person("qinghe", "drafter"), county.organs["qinghe"]
            seen = {"address": f"10.0.0.{number}", "device": "Linux电脑，Chrome", "at": moment.now()}
            SignInRecord.objects.create(person=who, username=who.username, agency=organ, event="signed_in", **seen)
        assert weigh(client_of(county.person("yunchuan", "security_admin")), "office:signins") == ROWS

    def test_materials(self, county: County) -> None:
        head, villager, organ = county.person("qinghe", "office_head"), county.person("qinghe", "contributor"), county.organs["qinghe"]
        unit = material_actions.open_unit(person=head, on=DAY, agency=organ, name="清河村", kind="village")
        material_actions.join_unit(person=head, on=DAY, unit=unit, newcomer=villager)
        for number in range(ROWS):
            said = Handing(title=f"清河村第{number}组机耕道修好了", body=f"全长{number}公里。", happened_on=DAY)
            material_actions.hand_in(person=villager, on=DAY, handing=said, sender=organ, unit=unit, agency=organ)
        assert weigh(client_of(head), "office:materials") == ROWS
        assert weigh(client_of(villager), "office:my_material") == ROWS

    def test_opinions_on_a_draft(self, county: County) -> None:
        call, drafter = solicited.called(county), county.person("qinghe", "drafter")
        for number in range(ROWS):
            sent = soliciting.Sent(text=f"第{number}件：村道也应当由镇里养护，每季度不少于一次，养护费用列入预算。")
            soliciting.enter_opinion(person=drafter, on=DAY, solicitation=call, sent=sent, channel="post")
        assert weigh(client_of(drafter), "office:solicitation", call.pk) == ROWS

    def test_words_not_to_be_published(self, county: County) -> None:
        head = county.person("qinghe", "office_head")
        terms = [{"term": f"第{number}号低保家庭", "reason": "个人隐私，公开会影响生活"} for number in range(ROWS)]
        standing_actions.forbid(person=head, on=DAY, agency=county.organs["qinghe"], terms=terms)
        assert weigh(client_of(head), "office:negative_list", county.organs["qinghe"].pk) == ROWS

    def test_files_of_the_past(self, county: County) -> None:
        for number in range(ROWS):
            hand_in(county, table(row(number)), file_name=f"旧网站{number}.csv")
        assert weigh(client_of(county.person("qinghe", "office_head")), "office:past") == ROWS

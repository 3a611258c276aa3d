"""Flow B, as a township lives it: Draft ─ submit ─▶ three reviews + secrecy review ─▶ publish ─▶ channels ─▶ Ledger.

周敏 of 青禾镇 makes information public; four people review it, one publishes it, and the channels carry it until it is
withdrawn. Nothing here is stood in for: every step is the action that the office's screens call, on the database of the run.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from gongkai.errors import Refused
from gongkai.web import commands
from gongkai.web.agencies.models import Agency, Person, Post
from gongkai.web.demo.evidence import picture
from gongkai.web.disclosure import actions, queries
from gongkai.web.disclosure.actions import Content
from gongkai.web.disclosure.channels import queries as channels
from gongkai.web.disclosure.channels.proof import Proof
from gongkai.web.disclosure.joint.actions import add_joint_organ
from gongkai.web.disclosure.models import Delivery, Item, Publication
from gongkai.web.disclosure.registers import actions as registers
from gongkai.web.disclosure.registers.queries import table_two
from gongkai.web.disclosure.screening import hits_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.office.installing import founded
from gongkai.web.review.actions import decide
from gongkai.web.review.models import Run
from gongkai.web.review.stages import stages

D = datetime.date
MONDAY, TUESDAY, FRIDAY = D(2026, 3, 2), D(2026, 3, 3), D(2026, 3, 6)
PEOPLE = {
    "qinghe": {
        "周敏": "drafter", "何平": "first_reviewer", "罗兰": "second_reviewer", "秦川": "final_reviewer", "白芷": "secrecy_reviewer",
        "石磊": "office_head", "杨帆": "report_officer",
    },
    "jiaotong": {"江涛": "first_reviewer", "林岚": "second_reviewer", "方正": "final_reviewer", "田野": "secrecy_reviewer"},
}  # fmt: skip
# Nobody has taken an anchor out of this county yet, so nothing from outside shows whether the end was cut off.
NO_ANCHOR = "没有锚点可以比对：台账末尾如果被删去几条，这次核对看不出来（没有另存过锚点的记载）。请用 --anchor 给出另外保存的锚点。"
REVIEWERS = ("何平", "罗兰", "秦川", "白芷")
# The ID number is the one of the standard's own example: its check digit is right, and it is nobody's.
LIST = "新增对象名单.csv"
TITLE = "青禾镇2026年第一季度农村低保对象公示"
BODY = "<p>现将本镇第一季度新增农村低保对象予以公示：张某，公民身份号码11010519491231002X，柳树村人。</p><p>有异议的，请在7日内反映。</p>"


@pytest.fixture(autouse=True)
def township(db: None, settings: Any, tmp_path: Path) -> None:
    """云川县 with 青禾镇 and 交通运输局, and who works there; photographs and attachments lie in a folder of the test's own."""
    settings.MEDIA_ROOT, settings.DATA = tmp_path / "files", tmp_path
    county = Agency.objects.create(code="yunchuan", kind="county", name="云川县人民政府", short_name="云川县")
    founded(county, "安装", {})
    for code, kind, name in (("qinghe", "township", "青禾镇人民政府"), ("jiaotong", "department", "交通运输局")):
        organ = Agency.objects.create(parent=county, code=code, kind=kind, name=f"云川县{name}", short_name=name.removesuffix("人民政府"))
        founded(organ, "安装", {})
        for full_name, duty in PEOPLE[code].items():
            person = Person.objects.create(username=f"{code}-{duty}", password="!", full_name=full_name, home=organ)
            post = Post.objects.create(person=person, agency=organ, duty=duty, from_on=D(2024, 1, 1))
            founded(person, "安装", {})
            founded(post, "安装", {})


def who(name: str) -> Person:
    """Somebody, by name."""
    return Person.objects.get(full_name=name)


def organ(code: str) -> Agency:
    """An organ, by code."""
    return Agency.objects.get(code=code)


def drafted(*, by: str = "周敏", **said: Any) -> Item:
    """A draft, written on Monday."""
    plain = {"kind": "notice", "column": "a20_13", "formed_on": D(2026, 2, 27)}
    item: Item = actions.draft(person=who(by), on=MONDAY, agency=organ("qinghe"), content=Content(**{**plain, **said}))
    return item


def now(item: Item) -> Item:
    """The item as it is now."""
    return Item.objects.select_related("agency", "current").get(pk=item.pk)


def revised(item: Item, on: D, **said: Any) -> None:
    """The item's text changed by its drafter."""
    content = Content.from_json({**now(item).current.content, **said})
    actions.revise(person=who("周敏"), on=on, item=item, content=content)


def submitted(item: Item, on: D = MONDAY, **said: Any) -> Run:
    """The item sent into review by its drafter."""
    run: Run = actions.submit(person=who("周敏"), on=on, item=item, **said)
    return run


def passes(run: Run, *names: str, on: D = MONDAY) -> None:
    """Each passes the stage that waits, with everything on its list looked at."""
    for name in names:
        stage = stages()[Run.objects.get(pk=run.pk).waits_for() or ""]
        decide(run=run, person=who(name), on=on, is_passed=True, checked=stage.checklist)


def published(item: Item, on: D = MONDAY) -> Publication:
    """The item made public by the head of the disclosure office."""
    done: Publication = actions.publish(person=who("石磊"), on=on, item=item)
    return done


def state(item: Item) -> str:
    """How the item stands, as every list shows it."""
    return queries.STATES[queries.state_of(queries.with_state(Item.objects.filter(pk=item.pk)).get())]


def refused(act: Any, **said: Any) -> str:
    """With which words an act is refused."""
    with pytest.raises(Refused) as caught:
        act(**said)
    return caught.value.message


def waiting() -> list[tuple[str, str]]:
    """What 周敏 is reminded of: channel and task."""
    return sorted((row.delivery.channel, row.task_words) for row in channels.reminders(who("周敏")))


def confirmed(channel: str, on: D, *, down: bool = False, **proof: Any) -> Delivery:
    """周敏 shows that a channel carries the newest text, or that it was taken down there."""
    row = Delivery.objects.filter(channel=channel, is_withdrawal=down, confirmed_on__isnull=True).latest("pk")
    done: Delivery = actions.confirm_delivery(person=who("周敏"), on=on, delivery=row, proof=Proof(**proof))
    return done


def ledger() -> list[str]:
    """The ledger in order: who did what."""
    rows = LedgerEntry.objects.order_by("number").select_related("person")
    return [f"{row.person.full_name} {row.action}" for row in rows if row.person]


def proven() -> list[str]:
    """What ``gongkai verify`` says; 25 entries found the county: itself, two organs, eleven people and their eleven posts."""
    said: list[str] = []
    assert commands.verify(say=said.append) == 0, said
    return said


def test_an_item_goes_from_draft_to_every_channel_and_is_withdrawn_again() -> None:
    item = masked_before_it_is_submitted()
    reviewed_twice_because_the_second_reviewer_sees_a_mistake(item)
    published_and_carried_by_every_channel(item)
    changed_and_carried_anew(item)
    withdrawn_and_taken_down_everywhere(item)

    # Every step stands in the ledger, in order; refused steps left nothing. It holds, and nobody can write it anew.
    reviews = ["何平 review.first", "罗兰 review.second", "秦川 review.final", "白芷 review.secrecy"]
    postings = ["周敏 disclosure.confirm_delivery"] * 2
    assert ledger() == [
        "周敏 disclosure.draft", "周敏 disclosure.attach", "周敏 disclosure.mask", "周敏 disclosure.submit",
        "何平 review.first", "罗兰 review.second",
        "周敏 disclosure.revise", "周敏 disclosure.submit", *reviews, "石磊 disclosure.publish", *postings,
        "周敏 disclosure.revise", "周敏 disclosure.submit", *reviews, "石磊 disclosure.publish", "石磊 disclosure.publish", *postings,
        "石磊 disclosure.withdraw", *postings,
    ]  # fmt: skip
    assert [row.reason for row in LedgerEntry.objects.exclude(person=None).exclude(reason="").order_by("number")] == [
        "公示期写的是7日，应当是7个工作日。", "内容更新，由新的一稿代替", "公示期满。"
    ]  # fmt: skip
    assert proven() == ["台账53条，前后相接，内容与摘要一致。", NO_ANCHOR]
    with pytest.raises(DatabaseError, match="台账"), transaction.atomic():
        LedgerEntry.objects.filter(number=31).update(reason="没有意见。")


def masked_before_it_is_submitted() -> Item:
    """周敏 writes a notice that shall also go to WeChat and to the notice board, and overlooks an ID number in it."""
    item = drafted(title=TITLE, body=BODY, channels=("wechat", "notice_board"))
    actions.attach(person=who("周敏"), on=MONDAY, item=item, name=LIST, data="序号,姓名,村\n1,张某,柳树村\n".encode())
    assert (item.index_number, state(item)) == ("qinghe/2026-00001", "草稿")
    assert refused(submitted, item=item) == (
        "发布前筛查还有1处没有处理：正文第1行有居民身份证号码（1101**********002X）。请遮盖；确需公开的，写明理由。"
        "请在信息页逐处遮盖、修改、说明理由或者认定不得公开。"
    )
    # She masks it with one click, and then it can be submitted.
    item = now(item)
    (found,) = hits_of(item, item.current.content, MONDAY)
    actions.mask_hit(person=who("周敏"), on=MONDAY, item=item, field=found.field, code=found.hit.code, mark=found.mark)
    assert "张某，公民身份号码1101**********002X，柳树村人。" in now(item).current.content["body"]
    submitted(item)
    assert state(item) == "审查中"
    return item


def reviewed_twice_because_the_second_reviewer_sees_a_mistake(item: Item) -> None:
    """罗兰 returns it with her reason. What 周敏 mends is another text, so all four look at it again, each with his own list."""
    first = Run.objects.get(subject_id=item.pk)
    passes(first, "何平")
    assert refused(published, item=item) == "审查还没有全部通过，不能发布。"
    decide(run=first, person=who("罗兰"), on=TUESDAY, is_passed=False, comment="公示期写的是7日，应当是7个工作日。")
    assert state(item) == "已退回"
    revised(item, on=TUESDAY, body=now(item).current.content["body"].replace("7日内", "7个工作日内"))
    passes(submitted(item, on=TUESDAY), *REVIEWERS, on=TUESDAY)
    assert state(item) == "待发布"


def published_and_carried_by_every_channel(item: Item) -> None:
    """石磊 publishes exactly that text. The platform's own site has it at once; the other channels wait for 周敏 and her evidence."""
    content = published(item, on=TUESDAY).revision.content
    assert "7个工作日内" in content["body"] and [row["name"] for row in content["attachments"]] == [LIST]
    assert (state(item), queries.public_items().count()) == ("已发布", 1)
    assert waiting() == [("notice_board", "发布"), ("wechat", "发布")]
    confirmed("wechat", TUESDAY, link="https://wechat.example/s/1")
    assert refused(confirmed, channel="notice_board", on=TUESDAY, words="贴好了") == "登记公开栏要有照片，请补充后再登记。"
    posted = confirmed("notice_board", TUESDAY, words="镇政府大门东侧", photos=(("公开栏.png", picture()),))
    assert (posted.evidence, posted.confirmed_on) == ("镇政府大门东侧；照片1张", TUESDAY)
    assert [(piece.kind, piece.text) for piece in posted.pieces.all()] == [("photo", "公开栏.png")]
    assert waiting() == []


def changed_and_carried_anew(item: Item) -> None:
    """The text changes: it goes the whole way again, the old one stays public meanwhile, and both channels are reminded of the new one."""
    revised(item, on=FRIDAY, title=f"{TITLE}（更正）")
    assert (state(item), queries.public_items().get().revision.content["title"]) == ("已发布，有新修改", TITLE)
    passes(submitted(item, on=FRIDAY), *REVIEWERS, on=FRIDAY)
    published(item, on=FRIDAY)
    assert queries.public_items().get().revision.content["title"] == f"{TITLE}（更正）"
    assert waiting() == [("notice_board", "换成新内容"), ("wechat", "换成新内容")]
    confirmed("wechat", FRIDAY, link="https://wechat.example/s/2")
    confirmed("notice_board", FRIDAY, photos=(("公开栏新.png", picture()),))
    assert waiting() == []


def withdrawn_and_taken_down_everywhere(item: Item) -> None:
    """In the end it is withdrawn, with the reason that the public reads; each channel says how it took it down."""
    actions.withdraw(person=who("石磊"), on=FRIDAY, publication=queries.public_items().get(), reason="公示期满。")
    assert (state(item), queries.public_items().count()) == ("已撤回", 0)
    assert waiting() == [("notice_board", "撤下"), ("wechat", "撤下")]
    confirmed("wechat", FRIDAY, down=True, words="已删除")
    confirmed("notice_board", FRIDAY, down=True, words="已揭下")
    assert waiting() == []


def test_an_emergency_goes_out_first_and_is_reviewed_to_the_end_afterwards() -> None:
    item = drafted(title="青禾镇关于柳树村塌方路段临时封闭的通告", body="<p>柳树村村道塌方，即日起封闭，请绕行。</p>")
    why = "村道塌方，须立即告知群众绕行。"
    run = submitted(item, approver=who("秦川"), reason=why)
    # The one who approves is named, and the secrecy review is never left out.
    passes(run, "秦川", "白芷")
    publication = published(item)
    assert state(item) == "已发布"

    # What was left out is made up for: first and second review, within five working days, by people who have not seen it.
    after = Run.objects.get(makes_up=publication.run)
    assert ([stages()[name].title for name in after.stages], after.waits_for()) == (["一审一校", "二审二校"], "first")
    passes(after, "何平", "罗兰", on=FRIDAY)
    assert (Run.objects.get(pk=after.pk).get_state_display(), state(item)) == ("审查通过", "已发布")
    assert ledger() == [
        "周敏 disclosure.draft", "周敏 disclosure.submit", "秦川 review.final", "白芷 review.secrecy", "石磊 disclosure.publish",
        "何平 review.first", "罗兰 review.second",
    ]  # fmt: skip
    assert LedgerEntry.objects.get(action="disclosure.submit").reason == why
    assert proven() == ["台账32条，前后相接，内容与摘要一致。", NO_ANCHOR]


def test_a_joint_document_is_reviewed_by_each_organ_and_published_once() -> None:
    item = drafted(title="青禾镇、交通运输局关于整治马路市场的通告", body="<p>自3月10日起整治马路市场。</p>", kind="joint")
    add_joint_organ(person=who("周敏"), on=MONDAY, item=item, organ=organ("jiaotong"))
    lead = submitted(item)
    other = Run.objects.get(lead=lead)
    passes(lead, *REVIEWERS)
    assert refused(published, item=item) == "交通运输局还没有审查通过，不能发布。"
    passes(other, "江涛", "林岚", "方正", "田野", on=TUESDAY)
    published(item, on=TUESDAY)
    assert (state(item), queries.public_items().count()) == ("已发布", 1)
    assert [line.split()[0] for line in ledger()] == [
        "周敏",
        "周敏",
        "周敏",
        "何平",
        "罗兰",
        "秦川",
        "白芷",
        "江涛",
        "林岚",
        "方正",
        "田野",
        "石磊",
    ]
    assert proven() == ["台账37条，前后相接，内容与摘要一致。", NO_ANCHOR]


def test_a_register_gives_the_years_figures_and_silence_is_never_zero() -> None:
    officer, township = who("杨帆"), organ("qinghe")
    penalty = {"number": "青禾罚决〔2026〕1号", "decided_on": D(2026, 2, 3), "matter": "占用田间道路堆放砂石", "is_published": True}
    registers.register_row(person=officer, on=TUESDAY, agency=township, register="penalty", values=penalty)

    # One penalty is known. Of coercion nobody said anything, so there is no figure, not a zero.
    figures = table_two(township, 2026).figures
    assert (figures["t2.penalties.decisions"].told, figures["t2.penalties.decisions"].source) == ("1", "register")
    assert (figures["t2.coercion.decisions"].value, figures["t2.coercion.decisions"].source) == (None, "silent")

    # Before the year is over nobody can know that there was none; afterwards 杨帆 says so, and now it is zero.
    none = {"person": officer, "agency": township, "register": "coercion", "year": 2026}
    assert refused(registers.nil_return, on=TUESDAY, **none) == "2026年还没有过完，到12月31日才能申报“本年无”。"
    registers.nil_return(on=D(2027, 1, 8), **none)
    figure = table_two(township, 2026).figures["t2.coercion.decisions"]
    assert (figure.told, figure.source) == ("0", "nil_return")
    # What has a row is not nil.
    assert (
        refused(registers.nil_return, on=D(2027, 1, 8), **{**none, "register": "penalty"})
        == "行政处罚决定2026年已经有登记，不能申报“本年无”。"
    )
    assert ledger() == ["杨帆 disclosure.register", "杨帆 disclosure.nil_return"]
    assert proven() == ["台账27条，前后相接，内容与摘要一致。", NO_ANCHOR]

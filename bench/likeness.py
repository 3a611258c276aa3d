"""How well near-duplicates and contradictions are found: made pairs, of which we know what they are.

``python bench/likeness.py`` prints precision and recall by sort of pair, of the bands that look candidates up and of the comparison
that judges them; and, with ``--items``, how long the watch takes over so many items of 300 organs.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAIRS = 400
ORGANS = 300
ON = datetime.date(2026, 3, 20)
PLACES = ("青禾镇", "柏树乡", "石桥镇", "云岭乡", "双河镇", "白沙镇", "龙门乡", "长坪镇")
VILLAGES = ("东山村", "西河村", "新桥村", "大湾村", "杨家坪村", "石门村", "柳林村", "黄泥村")
PEOPLE = ("张某", "李某", "王某", "赵某某", "陈某", "刘某某", "杨某", "周某")
SENTENCES = (
    "各村要落实护林员巡查责任，每天巡查不少于{a}次，发现火情立即上报。",
    "防火期自2026年{m}月{d}日起至5月31日止，期内禁止野外用火。",
    "补助标准为每户{n}元，由财政所在验收合格后{a}个工作日内拨付到户。",
    "整治范围为主要道路沿线、河道两侧和村庄公共区域。",
    "请各单位高度重视，明确专人负责，确保各项任务按时完成。",
    "本次检查共出动执法人员{a}人次，检查经营单位{n}家，发现隐患{d}处，已全部整改。",
    "项目总投资{n}.{d}万元，其中上级补助{a}万元，其余由本级财政安排。",
    "群众可以在工作日到便民服务大厅{a}号窗口咨询和办理。",
    "对违反规定的行为，依照有关法律法规严肃处理，并向社会公布。",
    "报名时间截至{m}月{d}日，逾期不再受理，名单公示不少于7日。",
    "要加强宣传引导，利用广播、公开栏和村民微信群把政策讲清楚。",
    "参保对象按照每人{n}元的标准缴费，困难群众由财政全额资助。",
    "水利设施管护责任落实到村到组，汛期实行{a}小时值班。",
    "本通知自印发之日起施行，有效期两年，由本机关负责解释。",
    "现将{v}等{a}个村的实施方案予以公布，接受群众监督。",
    "技术人员分{a}批进村入户指导，发放资料{n}份，培训农户{d}户。",
    "申请人应当提交身份证明、申请表和村民委员会的证明材料。",
    "工程于{m}月{d}日开工，计划工期{n}日，施工期间请绕行。",
)
TEMPLATES = (
    "当事人{p}于2026年{m}月{d}日在{v}焚烧秸秆，面积{a}亩，违反了大气污染防治法第七十七条的规定。经调查，当事人对事实没有异议。"
    "依据该法第一百一十九条，决定处以罚款{n}元，自收到本决定书之日起15日内缴纳，逾期每日按罚款数额的百分之三加处罚款。",
    "经审查，{p}提交的{v}自建房申请材料齐全，符合法定形式，准予许可。建筑面积{n}平方米，占地{a}平方米，层数2层，有效期自2026年{m}月{d}日起两年。"
    "申请人应当按照批准的位置和面积施工，不得擅自变更，竣工后申请验收。",
    "为保障群众饮水安全，现将{v}2026年{m}月饮用水水质检测结果公布如下：采样日期{m}月{d}日，浑浊度{a}.2，余氯0.{n}毫克每升，菌落总数{d}，"
    "所检项目均符合生活饮用水卫生标准的要求，欢迎群众监督。",
)


@dataclass(frozen=True)
class Made:
    """Two contents with their organs' names, and what they are to each other."""

    sort: str
    one: dict[str, str]
    one_place: str
    other: dict[str, str]
    other_place: str
    is_alike: str | None


def main() -> int:
    """Make the pairs, judge them, print and write."""
    parser = argparse.ArgumentParser(prog="python bench/likeness.py", description=__doc__)
    parser.add_argument("--items", type=int, default=0, help="also time the watch over so many items")
    parser.add_argument("--output", type=Path, default=Path("bench/results/likeness.json"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        from gongkai.web import commands

        commands.prepare(Path(folder))
        figures = quality()
        if options.items:
            commands.migrate(say=lambda _: None)
            figures |= speed(options.items)
    for name, value in figures.items():
        print(f"{name:44}{value}")
    known = json.loads(options.output.read_text()) if options.output.exists() else {}
    options.output.write_text(json.dumps({**known, **figures}, ensure_ascii=False, indent=1) + "\n")
    return 0


def quality() -> dict[str, Any]:
    """Precision and recall over the made pairs."""
    from gongkai.web.agencies.models import Agency
    from gongkai.web.disclosure.watch import likeness

    chance, found = random.Random(20260320), Counter[tuple[str, str]]()
    figures: dict[str, Any] = {}
    met = Counter[str]()
    for made in pairs(chance):
        texts = [
            likeness.text(content, Agency(name=f"云川县{place}人民政府", short_name=place))
            for content, place in ((made.one, made.one_place), (made.other, made.other_place))
        ]
        verdict = likeness.compare(*texts)
        found[made.sort, "right" if verdict.kind == made.is_alike else "wrong"] += 1
        found["all", f"{made.is_alike}->{verdict.kind}"] += 1
        one, other = (set(likeness.bands(likeness.minhash(text.words))) for text in texts)
        met[made.sort] += bool(one & other)
    for sort in sorted({sort for sort, _ in found} - {"all"}):
        total = found[sort, "right"] + found[sort, "wrong"]
        figures[f"{sort}: judged rightly"] = f"{found[sort, 'right']}/{total}"
        figures[f"{sort}: met in a band"] = f"{met[sort]}/{total}"
    for kind in ("duplicate", "contradiction"):
        right = found["all", f"{kind}->{kind}"]
        told = sum(n for (sort, pair), n in found.items() if sort == "all" and pair.endswith(f"->{kind}"))
        are = sum(n for (sort, pair), n in found.items() if sort == "all" and pair.startswith(f"{kind}->"))
        figures |= {f"{kind} precision": round(right / told, 3) if told else None, f"{kind} recall": round(right / are, 3)}
    return figures


def pairs(chance: random.Random) -> Iterator[Made]:
    """The sorts of pair, ``PAIRS`` of each."""
    for _ in range(PAIRS):
        place, other = chance.sample(PLACES, 2)
        body, title = article(chance, place), "关于有关工作安排的通知"
        yield Made("copy, organ's name changed", said(title, body), place, said(title, body.replace(place, other)), other, "duplicate")
        yield Made("copy as it stands", said(title, body), place, said(title, body), other, "duplicate")
        edited = retouched(chance, body.replace(place, other))
        yield Made("copy, name changed and retouched", said(title, body), place, said(title, edited), other, "duplicate")
        adapted = body.replace(place, other) + f"联系电话2{chance.randrange(100000, 999999)}。"
        yield Made("copy, own telephone added", said(title, body + "联系电话2318801。"), place, said(title, adapted), other, "duplicate")
        kept = body[: len(body) * 3 // 4].replace(place, other)
        yield Made("copy, the last quarter left out", said(title, body), place, said(title, kept), other, "duplicate")
        things = chance.sample(("雷电大风防范", "停水检修安排", "医保缴费办理", "秸秆禁烧巡查"), 2)
        hint, about = article(chance, place), "关于4月{}的提示"
        one, two = (said(about.format(thing), f"近期请注意{thing}。{hint}") for thing in things)
        yield Made("one template, two things", one, place, two, place, None)
        facts = {"a": 3, "n": 120, "m": 3, "d": 5, "p": "某户"}
        first, second = (chance.choice(TEMPLATES[:1]).format(**facts, v=village) for village in chance.sample(VILLAGES, 2))
        yield Made("one template, only the village differs", said("决定", first), place, said("决定", second), place, None)
        template = chance.choice(TEMPLATES)
        yield Made(
            "one template, other facts", said("决定", filled(chance, template)), place, said("决定", filled(chance, template)), place, None
        )
        yield Made("two articles", said(title, body), place, said(title, article(chance, other)), other, None)
        number = f"云政发〔2026〕{chance.randrange(1, 99)}号"
        changed = body.replace("2026年", "2025年", 1) if "2026年" in body else body + "另行补助350元。"
        yield Made("one number, other figures", said(title, body, number), place, said(title, changed, number), other, "contradiction")
        yield Made("one number, one text", said(title, body, number), place, said(title, body, number), other, "duplicate")


def said(title: str, body: str, number: str = "") -> dict[str, str]:
    """A content."""
    return {"title": title, "body": f"<p>{body}</p>", "formed_on": "2026-03-02", "document_number": number, "kind": "notice"}


def article(chance: random.Random, place: str) -> str:
    """Some sentences about a place."""
    parts = [filled(chance, sentence) for sentence in chance.sample(SENTENCES, chance.randint(4, 9))]
    return f"{place}人民政府现就有关工作通知如下。" + "".join(parts) + f"{place}人民政府2026年3月2日"


def filled(chance: random.Random, sentence: str) -> str:
    """A sentence with facts in it."""
    return sentence.format(
        a=chance.randint(2, 48), n=chance.randint(50, 990), m=chance.randint(1, 4), d=chance.randint(1, 28),
        v=chance.choice(VILLAGES), p=chance.choice(PEOPLE),
    )  # fmt: skip


def retouched(chance: random.Random, body: str) -> str:
    """The text with a few words changed, as a clerk does who copies."""
    for old, new in chance.sample(
        [("各", "辖区各"), ("要", "应当"), ("有关", "相关"), ("及时", "立即"), ("落实", "压实"), ("公布", "公示")], 3
    ):
        body = body.replace(old, new, 1)
    return body


def speed(n_items: int) -> dict[str, Any]:
    """How long the lists of the watch take over all organs of a county, and how much memory."""
    from gongkai.web.agencies.models import Agency
    from gongkai.web.disclosure.watch import likeness, queries
    from gongkai.web.disclosure.watch.columns import columns_of
    from gongkai.web.disclosure.watch.lateness import late, published_late

    head = fill(n_items)
    county, organ = Agency.objects.all(), Agency.objects.filter(code="organ0")
    figures: dict[str, Any] = {
        "items": n_items,
        "late, none published, county (ms)": _ms(lambda: late(county, ON)),
        "late, none published, organ (ms)": _ms(lambda: late(organ, ON)),
    }
    publish_all(n_items)
    figures |= {
        "late, all published, county (ms)": _ms(lambda: late(county, ON)),
        "published late, county (ms)": _ms(lambda: published_late(county, ON)),
        "published late, organ (ms)": _ms(lambda: published_late(organ, ON)),
        "columns, county (ms)": _ms(lambda: columns_of(list(county), ON)),
        "columns, organ (ms)": _ms(lambda: columns_of(list(organ), ON)),
        "to reassess, county (ms)": _ms(lambda: queries.to_reassess(county, ON)),
        "home, office head (ms)": _ms(lambda: queries.home_of(head, ON)),
    }
    begun = time.process_time()
    done = sum(likeness.refresh(100) for _ in range(10))
    figures["compared in a second"] = round(done / (time.process_time() - begun))
    figures["memory in all (MB)"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures


def fill(n_items: int) -> Any:
    """Organs, and items below the actions, formed two months before; gives the head of the first organ's office."""
    from django.db import transaction

    from gongkai.web.agencies.models import Agency, Person, Post
    from gongkai.web.disclosure.models import Item
    from gongkai.web.ledger.digest import digest_of
    from gongkai.web.review.models import Revision
    from gongkai.web.settings import moment

    root = Agency.objects.create(code="yunchuan", kind="county", name="云川县人民政府", short_name="云川县")
    for number in range(ORGANS):
        Agency.objects.create(
            parent=root, code=f"organ{number}", kind="township", name=f"云川县第{number}镇人民政府", short_name=f"第{number}镇"
        )
    organs = list(Agency.objects.exclude(kind="county"))
    head = Person.objects.create(username="head", password="!", full_name="head")  # noqa: S106 - nobody can sign in with it
    Post.objects.create(person=head, agency=organs[0], duty="office_head", from_on=datetime.date(2020, 1, 1))
    chance, formed_on = random.Random(7), ON - datetime.timedelta(days=60)
    for first in range(0, n_items, 5000):
        with transaction.atomic():
            contents = [
                {
                    "title": f"第{at}号通知", "body": f"<p>{article(chance, '本镇')}{article(chance, '本镇')}</p>", "kind": "notice",
                    "column": "a20_13", "formed_on": formed_on.isoformat(), "channels": [],
                }
                for at in range(first, min(first + 5000, n_items))
            ]  # fmt: skip
            revisions = Revision.objects.bulk_create(
                Revision(
                    agency=organs[at % ORGANS], subject_kind="disclosure.item", subject_id=first + at + 1, number=1, content=content,
                    digest=digest_of(content), made_by=head, made_at=moment.now(),
                )
                for at, content in enumerate(contents)
            )  # fmt: skip
            Item.objects.bulk_create(
                Item(
                    agency=revision.agency, index_number=f"bench/{revision.subject_id}", title=revision.content["title"], kind="notice",
                    column="a20_13", attribute="proactive", formed_on=formed_on, primary_channel="site", created_by=head, current=revision,
                )
                for revision in revisions
            )  # fmt: skip
    return head


def publish_all(n_items: int) -> None:
    """Every item published below the actions, one in twenty of them late."""
    from django.db import connection, transaction

    from gongkai.web.disclosure.models import Item, Publication
    from gongkai.web.ledger.models import LedgerEntry
    from gongkai.web.review.models import Run
    from gongkai.web.settings import moment

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute("DROP INDEX IF EXISTS publication_entry_of_its_own")
    entry = LedgerEntry.objects.create(
        county="x/", number=1, agency=Item.objects.first().agency, duty="", action="x", object_kind="x", object_id=1, occurred_on=ON,
        recorded_at=moment.now(), previous="0", digest="",
    )  # fmt: skip
    for first in range(0, n_items, 5000):
        with transaction.atomic():
            items = list(Item.objects.order_by("pk")[first : first + 5000])
            runs = Run.objects.bulk_create(
                Run(
                    agency_id=item.agency_id, subject_kind="disclosure.item", subject_id=item.pk, revision_id=item.current_id,
                    drafter_id=item.created_by_id, stages=[], state="completed", opened_on=item.formed_on,
                )
                for item in items
            )  # fmt: skip
            Publication.objects.bulk_create(
                Publication(
                    item=item, revision_id=item.current_id, run=run, primary_channel="site", published_at=moment.now(), entry=entry,
                    published_on=item.formed_on + datetime.timedelta(days=50 if item.pk % 20 == 0 else 5),
                ).repeat()
                for item, run in zip(items, runs, strict=True)
            )  # fmt: skip


def _ms(act: Callable[[], object]) -> float:
    """Milliseconds of the processor: the database is in the same process, and others may use the machine."""
    begun = time.process_time()
    act()
    return round((time.process_time() - begun) * 1000, 1)


if __name__ == "__main__":
    raise SystemExit(main())

"""How much of planted personal data screening finds, how often it is wrong about clean texts, and how fast it is.

The texts are notices and lists of invented townships, written apart from what screening looks for; the numbers come from the
standards' own tables (``tests/unit/screening/numbers.py``). Names, layouts and the words around the data are drawn at random.

--on DAY        the day of the screening and of the results, by default today
--planted N     how many personal data are planted, by default 3000
--clean N       how many characters of clean text are read, by default 1,000,000
--seed N        another draw
--output FILE   where the figures go, by default bench/results/screening.json
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [path for path in (str(ROOT),) if path not in sys.path]

from gongkai.screening import Publisher, screen  # noqa: E402 - the tables of the tests lie beside the package, the path is set first
from tests.unit.screening import numbers  # noqa: E402 - as above

FOUND_LEAST = 95.0
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹喻"
GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超兰霞平刚桂英华建国志红玉梅春生"
VILLAGES = ("松岭村", "竹溪村", "鹤鸣村", "枫桥社区", "临江村", "桂塘村", "石桥村", "柳河村")
ESTATES = ("锦绣家园", "和平小区", "临江花苑", "枫桥新城", "桂苑")
DISEASES = ("尿毒症", "白血病", "肺癌", "脑梗", "精神分裂症", "糖尿病", "肝硬化", "肢体残疾二级")
# Written down apart from the law data, as discharge notes, relief lists and notices of poor families have them.
ILLNESSES = (
    "尿毒症",
    "肺癌晚期",
    "乙肝",
    "精神分裂症",
    "急性白血病",
    "胃癌",
    "系统性红斑狼疮",
    "慢性肾功能衰竭",
    "脑出血",
    "宫颈癌",
    "肝癌",
    "重度抑郁症",
)
# What programs leave inside a line of text and no reader sees.
UNSEEN = ("\u200b", "\u00ad", "\u200d", "\ufeff", "\u2060")
LEVELS = ("绝密", "机密", "秘密")
TOPICS = ("农村低保审核", "临时救助发放", "残疾人两项补贴", "高龄津贴发放", "危房改造", "惠农补贴发放", "宅基地审批", "医疗救助")
PUBLISHER = Publisher(name="沅坪县松岭镇人民政府", phones=("0745-4210001",), credit_code="")


@dataclass(frozen=True)
class Planted:
    """A text, the personal data in it, of which kind it is, and where it stands."""

    text: str
    data: str
    kind: str
    at: int


# --- what is planted: the words around it are those that notices use -------------------------------------------------


def name(random: Random) -> str:
    """An invented person, in some texts half hidden as offices do it."""
    given = "".join(random.choice(GIVEN) for _ in range(random.randint(1, 2)))
    return random.choice(SURNAMES) + (given if random.random() < 0.7 else "某" * len(given))


def spread(random: Random, number: str, groups: Sequence[int]) -> str:
    """A number as people type it: mostly on end, sometimes in groups or with full-width digits."""
    way = random.random()
    if way < 0.75:
        return number
    if way < 0.88:
        pieces, at = [], 0
        for length in groups:
            pieces.append(number[at : at + length])
            at += length
        return random.choice((" ", "-", "\u3000")).join(piece for piece in pieces if piece)
    return "".join(chr(ord(sign) + 0xFEE0) for sign in number)


def _identity(random: Random) -> tuple[str, str]:
    number = numbers.id_number(random)
    number = number.lower() if random.random() < 0.3 else number
    data = spread(random, number, (6, 8, 4))
    return data, random.choice(
        (f"{name(random)}，身份证号：{data}", f"户主{name(random)}{data}", f"（证件号码{data}）", f"{name(random)}\t{data}", f"A{data}B号")
    )


def _old_identity(random: Random) -> tuple[str, str]:
    data = numbers.old_id_number(random)
    return data, random.choice((f"{name(random)}，身份证{data}", f"{name(random)}\t{data}", f"身份证号码为{data}，"))


def _child(random: Random) -> tuple[str, str]:
    data = numbers.id_number(random, 2014, 2024)
    return data, random.choice((f"儿童{name(random)}，身份证号{data}", f"{name(random)} {data}"))


def _mobile(random: Random) -> tuple[str, str]:
    data = spread(random, numbers.mobile(random), (3, 4, 4))
    return data, random.choice(
        (f"{name(random)}，联系电话{data}", f"电话：{data}。", f"{name(random)}\t{data}", f"请与{name(random)}联系（{data}）")
    )


def _landline(random: Random) -> tuple[str, str]:
    data = f"0{random.choice((745, 515, 571, 731, 28))}-{random.randint(2, 8)}{random.randint(0, 999999):06}"
    return data, random.choice((f"{name(random)}，家庭电话{data}", f"户主{name(random)}，电话：{data}", f"申请人电话{data}"))


def _card(random: Random) -> tuple[str, str]:
    data = spread(random, numbers.bank_card(random, random.choice((16, 19))), (4, 4, 4, 4, 3))
    return data, random.choice((f"{name(random)}，一卡通账号{data}", f"开户账号：{data}", f"{name(random)}\t{data}", f"银行卡{data}"))


def _trader(random: Random) -> tuple[str, str]:
    data = numbers.credit_code(random)
    return data, random.choice((f"松岭镇{name(random)}副食店，统一社会信用代码{data}", f"经营者{name(random)}（{data}）"))


def _birth(random: Random) -> tuple[str, str]:
    year, month, of_month = numbers.day(random, 1935, 2008)
    data = random.choice((f"{year}年{month}月{of_month}日", f"{year}-{month:02}-{of_month:02}", f"{year}.{month}.{of_month}"))
    return data, random.choice(
        (f"{name(random)}，{data}出生", f"出生日期：{data}", f"{name(random)}，男，{data}生，", f"{name(random)}\t女\t{data}")
    )


def _home(random: Random) -> tuple[str, str]:
    group, house = random.randint(1, 12), random.randint(1, 200)
    rural = f"{random.choice((str(group), '一二三四五六七八九十'[group % 10]))}组{house}号"
    urban = f"{random.randint(1, 30)}{random.choice(('栋', '幢', '号楼'))}{random.randint(1, 4)}单元{random.randint(1, 18)}0{random.randint(1, 4)}室"
    if random.random() < 0.5:
        return rural, f"{name(random)}，住{random.choice(VILLAGES)}{rural}"
    return urban, f"家庭住址：{random.choice(ESTATES)}{urban}"


def _illness(random: Random) -> tuple[str, str]:
    data = random.choice(DISEASES)
    told = (
        f"村民{name(random)}患有{data}",
        f"户主{name(random)}因患{data}丧失劳动能力",
        f"其妻被确诊为{data}",
        f"本人{name(random)}身患{data}多年",
    )
    return data, random.choice(told)


def _young(random: Random) -> tuple[str, str]:
    data = f"{random.randint(1, 13)}{random.choice(('岁', '周岁'))}"
    return data, random.choice((f"{name(random)}（男，{data}）", f"孤儿{name(random)}，女，{data}", f"其子{name(random)}现年{data}"))


def _ill_somebody(random: Random) -> tuple[str, str]:
    """Illness behind a bare name, with no word that says who it is."""
    data, who = random.choice(ILLNESSES), name(random)
    told = (
        f"{who}患{data}",
        f"{who}，确诊{data}",
        f"{who}因{data}住院",
        f"{who}，{random.choice('男女')}，{random.randint(18, 80)}岁，患有{data}",
        f"{who}（{data}）",
        f"{who}（患{data}）",
        f"{who}因病致贫，{data}",
        f"{who}：{data}",
        f"{who}\t{data}\t{random.randint(1, 9)}000元",
    )
    return data, random.choice(told)


def _ill_in_a_table(random: Random) -> tuple[str, str]:
    """A column of a list of persons; the head says what it is."""
    head, data = random.choice(
        (("残疾等级", random.choice(("一级", "二级", "三级", "四级"))), ("残疾类别", random.choice(("肢体", "视力", "精神", "听力"))),
         ("病种", random.choice(ILLNESSES)), ("所患疾病", random.choice(ILLNESSES)), ("致贫原因", "因病"), ("残疾级别", "贰级"))
    )  # fmt: skip
    if head == "致贫原因":
        data = f"患{random.choice(ILLNESSES)}"
    return data, f"\n姓名\t{head}\n{name(random)}\t{data}\n"


def _old_identity_glued(random: Random) -> tuple[str, str]:
    data, letter = numbers.old_id_number(random), random.choice("ABCxyzID")
    return data, random.choice(
        (f"{name(random)}ID{data}", f"{name(random)} {letter}{data}{letter}", f"（{letter}{data}）", f"证{data}{letter}")
    )


def _birth_bare(random: Random) -> tuple[str, str]:
    year, month, of_month = numbers.day(random, 1935, 2008)
    data = random.choice((f"{year}.{month:02}.{of_month:02}", f"{year}-{month:02}-{of_month:02}", f"{year}/{month}/{of_month}"))
    return data, random.choice(
        (f"\n{name(random)} {data}\n", f"\n{name(random)}\t{data}\t{random.choice(VILLAGES)}\n", f"\n{name(random)}，{data}，")
    )


def _card_grouped(random: Random) -> tuple[str, str]:
    number = numbers.bank_card(random, random.choice((16, 19)))
    groups, data, left = [], "", number
    while left:
        length = random.choice((2, 3, 4, 5, 6, 7))
        groups.append(left[:length])
        left = left[length:]
    data = random.choice((" ", "-", "  ", "\u3000")).join(groups)
    return data, random.choice((f"{name(random)}，一卡通账号{data}", f"开户账号：{data}", f"银行卡{data}", f"{name(random)}的卡号是{data}"))


def _unseen_inside(random: Random) -> tuple[str, str]:
    """A number with something inside that no reader sees."""
    number = random.choice((numbers.id_number, numbers.mobile, numbers.bank_card))(random)
    sign, at = random.choice(UNSEEN), random.randint(1, len(number) - 1)
    data = number[:at] + sign + number[at:]
    return data, random.choice((f"{name(random)}，{data}", f"{name(random)}\t{data}", f"（{data}）"))


def _mark(random: Random) -> tuple[str, str]:
    """Secrecy marks as they come out of scans, pages and hasty hands."""
    level, unseen, years = random.choice(LEVELS), random.choice(UNSEEN), random.choice((1, 5, 10, 20))
    data = random.choice(
        (f"{level[0]}{unseen}{level[1]}★{years}年", f"{level}★{unseen}{years}年", f"{level}·{years}年", f"{level}★{years}年", f"{level}・{years}年",
         f"{level}•{years}年", f"编号：{random.randint(1, 999):03} {level} 特急", f"编号{random.randint(1, 999):03}　{level}", "本文件为工作秘密",
         "本资料属于工作秘密")
    )  # fmt: skip
    return data, f"\n{data}\n"


KINDS: Mapping[str, tuple[Callable[[Random], tuple[str, str]], frozenset[str]]] = {
    "identity number, 18": (_identity, frozenset({"person.id_number"})),
    "identity number, 15": (_old_identity, frozenset({"person.id_number"})),
    "identity number of a child": (_child, frozenset({"person.minor"})),
    "mobile": (_mobile, frozenset({"person.mobile"})),
    "landline": (_landline, frozenset({"person.landline"})),
    "bank card": (_card, frozenset({"person.bank_card"})),
    "sole trader's credit code": (_trader, frozenset({"person.sole_trader"})),
    "birth date": (_birth, frozenset({"person.birth_date"})),
    "home address": (_home, frozenset({"person.address"})),
    "illness": (_illness, frozenset({"person.health"})),
    "age of a child": (_young, frozenset({"person.minor"})),
    "illness of a bare name": (_ill_somebody, frozenset({"person.health"})),
    "illness in a column": (_ill_in_a_table, frozenset({"person.health"})),
    "identity number, 15, glued": (_old_identity_glued, frozenset({"person.id_number"})),
    "birth date behind a name": (_birth_bare, frozenset({"person.birth_date"})),
    "bank card in odd groups": (_card_grouped, frozenset({"person.bank_card"})),
    "number with something unseen": (_unseen_inside, frozenset({"person.id_number", "person.minor", "person.mobile", "person.bank_card"})),
    "secrecy mark": (_mark, frozenset({"secrecy.mark", "secrecy.work"})),
}


# --- clean texts: full of numbers, days and places that are nobody's ---------------------------------------------------


def sentence(random: Random) -> str:
    """A sentence of a notice or report in which nothing is personal."""
    n, year = random.randint(2, 9999), random.randint(2015, 2025)
    village, month, of_month = random.choice(VILLAGES), random.randint(1, 12), random.randint(1, 28)
    return random.choice(
        (
            f"根据沅政办发〔{year}〕{n % 99}号文件精神，现将{random.choice(TOPICS)}有关事项通知如下。",
            f"{year}年{month}月{of_month}日，松岭镇召开第{n % 30}次党政联席会议，研究{random.choice(TOPICS)}工作。",
            f"全镇共有{n}户{n * 3}人，耕地面积{n}.{n % 100:02}亩，人均纯收入{n * 7}元。",
            f"索引号：01456789{n % 9}/{year}-{n:05}，发布日期：{year}-{month:02}-{of_month:02}。",
            f"项目代码：{year % 100}{month:02}-431223-04-01-{n:06}，总投资{n}.{n % 100:02}万元，工期{n % 400}天。",
            f"{village}{n % 12}组至{n % 7}组道路硬化工程已完工，长{n}米，由沅坪县{random.choice('宏顺达盛')}建设有限公司承建。",
            f"联系电话：0745-421{n:04}，传真：0745-421{n:04}，邮编：4192{n % 100:02}，地址：沅坪县松岭镇政府路{n % 200}号。",
            f"{village}服务中心位于{random.choice(ESTATES)}南侧，办公时间为上午8:30至12:00。",
            "涉及国家秘密、工作秘密、商业秘密、个人隐私的，按照《中华人民共和国保守国家秘密法》的规定不予公开。",
            f"预算科目{n + 2010000}，年初预算{n * 1000}元，执行{n * 998}元，执行率99.{n % 100:02}%。",
            f"采购编号：YPZC-{year}-{n:04}，中标供应商地址：沅坪县工业园区{n % 50}号厂房，中标金额{n * 12345}元。",
            f"共发放{year}年第{n % 4 + 1}季度高龄津贴{n}人次{n * 50}元，60至79周岁{n // 3}人，80周岁以上{n // 7}人。",
            f"为0至6岁儿童免费接种疫苗{n}剂次，开展高血压、糖尿病患者随访{n}人次，宣传结核病防治知识{n % 40}场。",
            f"对本决定不服的，可以自收到之日起六十日内向沅坪县人民政府申请行政复议，也可以在六个月内向沅坪县人民法院提起行政诉讼。（{n}）",
            f"公示期为{year}年{month}月{of_month}日起5个工作日，有异议的请向镇民政办反映，监督电话0745-421{n:04}。",
            f"宗地编号{year}-{n:03}，面积{n * 3}平方米，容积率1.{n % 9}，出让年限70年，保证金账户由自然资源局公布。",
            f"任前公示：{random.choice(SURNAMES)}某，男，汉族，19{n % 30 + 60}年{month}月生，现任松岭镇农业综合服务中心主任。",
            f"登记证号{year}{n:08}，发票代码{n:010}00，档号{n % 999:03}-WS·{year}-Y-{n:04}。",
            f"\n序号\t村\t户数\t金额（元）\n1\t{village}\t{n % 300}\t{n * 100}\n2\t{random.choice(VILLAGES)}\t{n % 200}\t{n * 60}\n",
            f"开展糖尿病患者健康管理服务{n}人次，高血压患者规范管理率{n % 100}%，结核病患者管理{n % 50}人。",
            f"肺癌筛查、乳腺癌和宫颈癌“两癌”检查{n}人，早诊率{n % 100}%，查出患者{n % 9}人，均已转诊。",
            f"住院补偿标准：恶性肿瘤、尿毒症、白血病等{n % 30}种大病，乡镇卫生院报销{n % 40 + 50}%，起付线{n}元。",
            f"因病住院的困难群众{n}人获得医疗救助，其中尿毒症患者{n % 20}人、精神分裂症患者{n % 30}人，支出{n}.{n % 100:02}万元。",
            f"{year}年为确诊乙肝、艾滋病等传染病的孕产妇提供免费治疗，母婴阻断率{n % 100}%。（张仲景医院供稿）",
            f"申请条件：持有残疾人证，残疾等级为一级、二级的重度残疾人；患有精神障碍、智力残疾的，由监护人申请。（{n}）",
            f"\n序号\t残疾等级\t人数\t标准（元/月）\n1\t一级\t{n % 200}\t{n % 99}\n2\t二级\t{n % 300}\t{n % 88}\n",
            f"\n病种\t报销比例\t封顶线（元）\n肺癌\t{n % 40 + 50}%\t{n}\n白血病\t{n % 40 + 50}%\t{n}\n",
            f"县人民医院肿瘤科、县疾控中心高医生介绍：高血压、糖尿病可防可控，金秋时节注意预防脑卒中。（{n}）",
            f"于{year}.{month:02}.{of_month:02}印发，{village} {year}.{month:02}.{of_month:02}\n",
            f"保守工作秘密，机密·绝密级计算机不得联网，编号{n}的设备登记在册，机密性、完整性各{n % 9}项。",
            f"产品批号：BX{n:04}{year}{month:02}{of_month:02}K，设备编号ID{n:04}320{n:05}8，国标GB{n % 9999}-{year}。",
            f"北纬27.{n:04}度，东经110.{n:04}度，海拔{n % 900}米，年均降水{n % 2000}毫米，水位{n % 100}.{n % 10}米。",
        )
    )


def clean_text(random: Random, length: int) -> str:
    """About so many characters in which there is nothing to find."""
    pieces: list[str] = []
    total = 0
    while total < length:
        pieces.append(sentence(random) + ("\n" if random.random() < 0.25 else ""))
        total += len(pieces[-1])
    return "".join(pieces)


def planted(random: Random, n: int) -> Iterator[Planted]:
    """Short notices, each with one piece of personal data; the kinds take turns."""
    kinds = list(KINDS)
    for number in range(n):
        kind = kinds[number % len(kinds)]
        data, told = KINDS[kind][0](random)
        before, after = sentence(random), sentence(random)
        yield Planted(f"{before}{told}。\n{after}", data, kind, len(before) + told.index(data))


# --- what is measured -------------------------------------------------------------------------------------------------


def measure_found(random: Random, n: int, on: datetime.date) -> dict[str, Any]:
    """Of each kind how many were planted and how many were found at their very place."""
    shown, found = Counter[str](), Counter[str]()
    missed: list[str] = []
    for item in planted(random, n):
        start = item.at
        hits = screen(text=item.text, on=on, publisher=PUBLISHER)
        shown[item.kind] += 1
        if any(hit.code in KINDS[item.kind][1] and hit.start < start + len(item.data) and hit.end > start for hit in hits):
            found[item.kind] += 1
        elif len(missed) < 20:
            missed.append(f"{item.kind}: {item.data}")
    kinds = {kind: {"planted": shown[kind], "found": found[kind]} for kind in shown}
    return {"planted": n, "found": found.total(), "share": round(100 * found.total() / n, 2), "kinds": kinds, "missed": missed}


def measure_clean(random: Random, length: int, on: datetime.date) -> dict[str, Any]:
    """False hits in clean texts of notices' length, and how many characters a second are screened."""
    texts = [clean_text(random, 2000) for _ in range(max(length // 2000, 1))]
    characters, false, seconds = sum(map(len, texts)), Counter[str](), 0.0
    shown: list[str] = []
    for text in texts:
        start = time.perf_counter()
        hits = screen(text=text, on=on, publisher=PUBLISHER)
        seconds += time.perf_counter() - start
        false.update(hit.code for hit in hits)
        shown += [f"{hit.code}: {text[max(hit.start - 10, 0) : hit.end + 5]!r}" for hit in hits][: 20 - len(shown)]
    return {
        "characters": characters,
        "false": false.total(),
        "false_per_100000": round(false.total() * 100_000 / characters, 3),
        "codes": dict(false),
        "examples": shown,
        "characters_a_second": round(characters / seconds),
    }


def table(found: Mapping[str, Any], clean: Mapping[str, Any]) -> str:
    """The figures as a Markdown table."""
    rows = [(kind, f"{part['found']} of {part['planted']}") for kind, part in found["kinds"].items()]
    rows.append(("all planted data", f"{found['found']} of {found['planted']} = {found['share']} %, wanted {FOUND_LEAST:g} %"))
    rows.append(
        ("false hits in clean text", f"{clean['false']} in {clean['characters']} characters = {clean['false_per_100000']} per 100,000")
    )
    rows.append(("speed", f"{clean['characters_a_second']} characters a second"))
    width = max(len(what) for what, _ in rows)
    return "\n".join(
        [f"| {'measured':{width}} | figure |", f"| {'-' * width} | ------ |", *(f"| {what:{width}} | {told} |" for what, told in rows)]
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, write the file; 0 whatever the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage="%(prog)s [options]")
    for option, kind, default in (
        ("--on", datetime.date.fromisoformat, datetime.date.today()),
        ("--planted", int, 3000),
        ("--clean", int, 1_000_000),
        ("--seed", int, 1),
        ("--output", Path, ROOT / "bench" / "results" / "screening.json"),
    ):
        parser.add_argument(option, type=kind, default=default, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    random = Random(arguments.seed)
    found = measure_found(random, arguments.planted, arguments.on)
    clean = measure_clean(random, arguments.clean, arguments.on)
    content = {"on": arguments.on.isoformat(), "seed": arguments.seed, "personal_data": found, "clean": clean}
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{content['on']}, seed {arguments.seed}\n\n{table(found, clean)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

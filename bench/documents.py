"""The benchmark's documents: reports of invented organs, laid out as real ones are. The same seed gives the same bytes.

::

    seed ─▶ Figures ─┬─▶ Draft (words and tables) ─▶ site_page, text
                     └─▶ AnnualReport ─▶ the project's own writers: DOCX, PDF, HTML

``python -m bench.documents FOLDER N`` writes ``N`` different documents of mixed formats into a folder.
"""

from __future__ import annotations

import datetime
import html
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from gongkai.report import AnnualReport, Cell, Contact
from gongkai.report.render import write_report
from tests.shapes import markup, office, textual
from tests.shapes.figures import Figures, draw_figures
from tests.shapes.layout import Box, Draft, Sheet, Words, tables

COUNTY = "沅坪县"
PLACES = ("松岭镇", "竹溪镇", "鹤鸣乡", "枫桥镇", "临江镇", "桂塘乡")
MENU = ("首页", "政务公开", "政务服务", "政民互动", "走进沅坪", "数据开放", "新闻中心", "专题专栏")
ENTRIES = ("政策文件", "规划计划", "财政预决算", "人事信息", "重点领域", "行政执法", "办事指南", "调查征集", "领导信箱", "回应关切")

STYLE = """body{margin:0;font:16px/1.8 "Microsoft YaHei",SimSun,sans-serif;color:#333;background:#f5f7fa}
.wrap{width:1200px;margin:0 auto}.top{height:36px;line-height:36px;font-size:13px}.nav li{float:left;position:relative;width:150px}
.nav li ul{display:none;position:absolute;z-index:9}.nav li:hover ul{display:block}.crumb{padding:12px 0;color:#666}
.article{padding:32px 48px;background:#fff}.article h1{font-size:26px;text-align:center}.article table{border-collapse:collapse}
@media (max-width:768px){.wrap{width:100%}.nav{display:none}.article{padding:16px}.article table{display:block;overflow-x:auto}}"""
SCRIPT = """(function(w,d){var size=16;function $(id){return d.getElementById(id)}
w.fontZoom=function(n){size=Math.max(12,Math.min(24,size+n));$("zoom").style.fontSize=size+"px"};
w.share=function(to){var url=encodeURIComponent(location.href),title=encodeURIComponent(d.title);
var where={weibo:"/share/weibo?u="+url+"&t="+title,weixin:"/share/qr?u="+url};w.open(where[to],"_blank")};
d.addEventListener("DOMContentLoaded",function(){var rows=d.querySelectorAll(".article table tr");
for(var i=0;i<rows.length;i++){if(i%2===0&&rows[i].cells.length>3){rows[i].className+=" even"}}
var hits=$("hits");if(hits&&w.fetch){fetch("/count?id=20318").then(function(r){return r.text()}).then(function(t){hits.innerHTML=t})}});
})(window,document);"""


# --- what the reports say ------------------------------------------------------------------------------------------


def figures_of(seed: int) -> Figures:
    """Balanced figures of a report of 2021 or later, of a county's size."""
    return draw_figures(Random(seed), edition="2021", size="county")


def organ_of(seed: int) -> str:
    """An invented township."""
    return f"{COUNTY}{PLACES[seed % len(PLACES)]}人民政府"


def preface(seed: int, year: int) -> str:
    """The lines before section one."""
    place = PLACES[seed % len(PLACES)]
    return (
        "本报告根据《中华人民共和国政府信息公开条例》（国务院令第711号）和《中华人民共和国政府信息公开工作年度报告格式》"
        f"（国办公开办函〔2021〕30号）要求编制。本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
        f"本报告电子版可在{COUNTY}人民政府网站（http://www.yuanping.example/）查阅。如对本报告有疑问，请与{place}党政综合办公室联系"
        f"（地址：{COUNTY}{place}大桥路{seed % 90 + 1}号；邮编：000000；电话：0000-{8200000 + seed}）。"
    )


def narrative(seed: int, figures: Figures) -> dict[str, str]:
    """The sections' text, with the figures that such texts state; those of table three agree with the table."""
    draw, year, place = Random(f"narrative {seed}"), figures.year, PLACES[seed % len(PLACES)]
    site, wechat, board = draw.randint(90, 400), draw.randint(20, 150), draw.randint(5, 60)
    new, old, done, left = (figures.printed[f"t3.{row}.total"] for row in ("received_new", "carried_in", "handled_total", "carried_out"))
    s1 = (
        f"{year}年，{place}坚持以公开为常态、不公开为例外，围绕群众关心的事项做好政府信息公开工作，保障公众的知情权、参与权和监督权。",
        "（一）主动公开",
        f"全年主动公开政府信息{site + wechat + board}条，其中通过县人民政府网站公开{site}条，通过微信公众号公开{wechat}条，通过镇村公开栏公开"
        f"{board}条。围绕惠农补贴、农村危房改造、社会救助、义务教育和卫生健康等领域公开信息{site // 3}条，及时更新领导分工、机构职能和办事指南。"
        "印发惠农政策口袋书，把种粮补贴、农机购置补贴、森林生态效益补偿的申领条件、标准和流程逐项列明，送到村组院坝。"
        f"发布政策解读{draw.randint(3, 15)}篇，其中图解{draw.randint(1, 3)}篇。对涉及群众切身利益的事项，事前公开征求意见{draw.randint(2, 6)}次。",
        "（二）依申请公开",
        f"全年新收政府信息公开申请{new}件，上年结转{old}件；办理{done}件，结转下年度{left}件。进一步规范登记、审核、答复、归档各环节，"
        "实行专人受理、专人督办，答复书统一格式并附救济途径，全部在法定期限内答复。",
        "（三）政府信息管理",
        "落实政府信息公开审查制度，按照“先审查、后公开，一事一审”的要求，从内容、格式和涉密涉敏三个方面逐条审核。"
        f"定期清理网站信息，全年更正错漏信息{draw.randint(2, 20)}条，对已失效的文件及时标注。",
        "（四）政府信息公开平台建设",
        f"依托县人民政府网站的镇级专栏集中发布信息，新增栏目{draw.randint(1, 4)}个。在便民服务大厅设置政务公开专区1处，配备查询设备"
        f"{draw.randint(1, 3)}台；各村（社区）公开栏{draw.randint(8, 20)}处，由村务监督委员会每月检查一次。"
        "微信公众号开设办事指南和政策问答两个栏目，答复群众留言，对办理周期长的事项公开进展，做到件件有回音。",
        "（五）监督保障",
        f"成立由镇长任组长的领导小组，全年召开专题会议{draw.randint(2, 5)}次，开展业务培训{draw.randint(2, 5)}次，参训"
        f"{draw.randint(40, 160)}人次。将政务公开纳入年度绩效考核，主动接受社会评议，全年没有责任追究的情形。",
    )
    s5 = (
        "存在的主要问题：一是公开的主动性有待加强，个别站所对公开范围和时限把握不准；二是政策解读形式单一，群众看不懂、不愿看的情况仍然存在；"
        "三是从事公开工作的人员多为兼职，变动频繁，业务不够熟练。",
        "改进措施：一是对照基层政务公开标准目录逐项梳理，明确每一事项的责任站所和公开时限，每季度通报一次；二是多用图解、短视频和院坝会等群众"
        "喜闻乐见的方式解读政策；三是固定专人负责，每半年组织一次业务培训，以案例讲清依申请公开的答复要点。",
    )
    s6 = f"{year}年度，{place}没有收取政府信息公开信息处理费。没有其他需要报告的事项。"
    return {"s1": "\n".join(s1), "s2": "", "s3": "", "s4": "", "s5": "\n".join(s5), "s6": s6}


def draft_of(seed: int) -> Draft:
    """The report as words and tables."""
    figures, organ = figures_of(seed), organ_of(seed)
    sections, sheets = narrative(seed, figures), tables(figures)
    parts: list[Words | Sheet] = [Words(f"{organ}{figures.year}年政府信息公开工作年度报告", "title"), Words(preface(seed, figures.year))]
    for section in figures.form.sections:
        parts.append(Words(section.title, "heading"))
        parts += [Words(line) for line in sections[section.id].splitlines()]
        parts += [sheet for sheet in sheets if figures.form.table(sheet.id).section == section.id]
    parts += [Words(organ), Words(f"{figures.year + 1}年1月{seed % 25 + 5}日")]
    return Draft(figures, organ, tuple(parts))


def report_of(seed: int) -> AnnualReport:
    """The same report as a value."""
    figures, organ = figures_of(seed), organ_of(seed)
    year = figures.year
    return AnnualReport(
        organ=organ,
        year=year,
        edition="2021",
        period=(datetime.date(year, 1, 1), datetime.date(year, 12, 31)),
        published_on=datetime.date(year + 1, 1, seed % 25 + 5),
        title=f"{organ}{year}年政府信息公开工作年度报告",
        contact=Contact(postcode="000000"),
        complete=True,
        cells={address: Cell("number", figures.truth[address], shown) for address, shown in figures.printed.items()},
        preface=preface(seed, year),
        sections=narrative(seed, figures),
        headings=tuple(section.title for section in figures.form.sections),
    )


# --- a page of a government site -----------------------------------------------------------------------------------


def site_page(seed: int) -> bytes:
    """The report as a government site shows it: 40–60 KB, navigation, scripts and styles around it, tables pasted from Word."""
    draft, draw = draft_of(seed), Random(f"page {seed}")
    title = f"{draft.organ}{draft.figures.year}年政府信息公开工作年度报告"
    body = "\n".join(_table(part, draw) if isinstance(part, Sheet) else _words(part) for part in draft.parts)
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}_{COUNTY}人民政府</title>
<meta name="SiteName" content="{COUNTY}人民政府"><meta name="ArticleTitle" content="{title}">
<meta name="PubDate" content="{draft.figures.year + 1}-01-{seed % 25 + 5:02} 09:30"><meta name="ColumnName" content="政府信息公开年报">
<link rel="stylesheet" href="/assets/site.css"><style>{STYLE}</style><script>{SCRIPT}</script></head>
<body><div class="top"><div class="wrap">欢迎访问{COUNTY}人民政府网站 <a href="/mobile">手机版</a> <a href="/wza">无障碍阅读</a></div></div>
{_navigation()}
<div class="wrap"><div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/nb/">政府信息公开年报</a></div>
{_sidebar(draft)}<div class="article"><div class="info"><span>来源：{draft.organ}</span><span>浏览次数：<em id="hits"></em></span>
<a href="javascript:fontZoom(2)">大</a> <a href="javascript:fontZoom(0)">中</a> <a href="javascript:fontZoom(-2)">小</a></div>
<div id="zoom">{body}</div><p>扫一扫在手机打开当前页</p><a href="javascript:window.print()">打印</a></div></div>
<div class="footer"><p>主办：{COUNTY}人民政府办公室　网站标识码：0000000000　网站地图　联系我们　电话：0000-8100000</p></div>
<script>{"".join(f'track("{name}",{number});' for number, name in enumerate(ENTRIES))}</script></body></html>""".encode()


def _navigation() -> str:
    def menu(number: int, name: str) -> str:
        entries = "".join(
            f'<li><a href="/c{number}/e{at}/" target="_blank" title="{entry}">{entry}</a></li>' for at, entry in enumerate(ENTRIES)
        )
        return f'<li class="m{number}"><a href="/c{number}/">{name}</a><ul>{entries}</ul></li>'

    return f'<div class="nav"><ul class="wrap">{"".join(menu(number, name) for number, name in enumerate(MENU))}</ul></div>'


def _sidebar(draft: Draft) -> str:
    others = (f"{COUNTY}{place}人民政府{draft.figures.year}年政府信息公开工作年度报告" for place in PLACES)
    return (
        '<div class="side"><h3>相关年报</h3><ul>'
        + "".join(f'<li><a href="/nb/{at}.html">{name}</a></li>' for at, name in enumerate(others))
        + "</ul></div>"
    )


def _words(part: Words) -> str:
    text = html.escape(part.text)
    if part.role == "title":
        return f"<h1>{text}</h1>"
    font = "黑体" if part.role == "heading" else "仿宋_GB2312"
    return f'<p style="text-indent:43px;line-height:37px"><span style="font-family:{font};font-size:21px">{text}</span></p>'


def _table(sheet: Sheet, draw: Random) -> str:
    rows = ("<tr>" + "".join(_cell(box, draw) for box in row) + "</tr>" for row in sheet.rows)
    return '<table border="1" cellspacing="0" style="border:none;width:640px"><tbody>' + "\n".join(rows) + "</tbody></table>"


def _cell(box: Box, draw: Random) -> str:
    """As pasted from Word: a paragraph and a span in each cell, some figures and words in two spans."""
    spans = (f' rowspan="{box.rows}"' if box.rows > 1 else "") + (f' colspan="{box.cols}"' if box.cols > 1 else "")
    cut = 1 if len(box.text) > 1 and draw.random() < 0.3 else len(box.text)
    pieces = (html.escape(piece).replace("\n", "<br>") for piece in (box.text[:cut], box.text[cut:]) if piece)
    runs = "".join(f'<span style="font-size:12px">{piece}</span>' for piece in pieces)
    return f'<td width="62"{spans} style="border:1px solid #000;padding:0 7px"><p style="text-align:center">{runs or "&nbsp;"}</p></td>'


# --- files ---------------------------------------------------------------------------------------------------------


def text(seed: int, shape: Callable[[Draft, Random], str] = textual.cell_lines) -> bytes:
    """The report as text, by default one cell a line, as a page copied from a browser gives."""
    return shape(draft_of(seed), Random(seed)).encode()


def docx(seed: int) -> bytes:
    """The report as the project's own writer makes it in Word's format."""
    return write_report(report_of(seed), "docx")


def pdf(seed: int) -> bytes:
    """The report as a text PDF of five A4 pages with bordered tables."""
    return write_report(report_of(seed), "pdf")


# One of each in turn: 9 web pages, 6 texts, 4 in Word's format, 1 PDF.
MIXED: tuple[tuple[str, Callable[[int], bytes]], ...] = (
    ("html", site_page),
    ("txt", text),
    ("html", lambda seed: markup.html_word(draft_of(seed), Random(seed)).encode()),
    ("docx", docx),
    ("html", site_page),
    ("txt", lambda seed: text(seed, textual.bar_rows)),
    ("html", lambda seed: write_report(report_of(seed), "html")),
    ("pdf", pdf),
    ("docx", lambda seed: office.docx_runs(draft_of(seed), Random(seed))),
    ("html", site_page),
    ("txt", lambda seed: text(seed, textual.tabs)),
    ("html", lambda seed: markup.html_nested(draft_of(seed), Random(seed)).encode()),
    ("docx", lambda seed: office.docx_merged(draft_of(seed), Random(seed))),
    ("md", lambda seed: text(seed, textual.markdown)),
    ("html", site_page),
    ("txt", lambda seed: text(seed, textual.aligned)),
    ("html", lambda seed: markup.html_spans(draft_of(seed), Random(seed)).encode()),
    ("docx", lambda seed: office.docx_merged(draft_of(seed), Random(seed))),
    ("html", site_page),
    ("txt", lambda seed: text(seed, textual.one_line)),
)


def mixed(n: int) -> Iterator[tuple[str, bytes]]:
    """``n`` different documents of mixed formats: name and bytes."""
    for seed in range(n):
        suffix, make = MIXED[seed % len(MIXED)]
        yield f"{seed:04}.{suffix}", make(seed)


def main(folder: str, n: str) -> None:
    """Write the mixed documents into a folder."""
    for name, data in mixed(int(n)):
        (Path(folder) / name).write_bytes(data)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Every component in every state, on one page, for those who work on them. All of it is made up."""

import datetime
from decimal import Decimal
from types import SimpleNamespace as Made

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from business_environment.models import Procedure
from listings.choosing import Choices
from listings.listing import Chip, FacetView, Link, Option, Problem, RangeView, Removal
from records.charts import Bar, BarChart, BarGroup, Column, ColumnChart, Squares
from records.dates import PartialDate
from records.figures import Figure
from records.languages import CHINESE, ENGLISH, LocalizedText, choose
from records.models import Source
from zones.map import NAMES, Map, MapCity, Pin


@require_safe
def patterns(request):
    """Not there on a public site."""
    if not settings.DEBUG:
        raise Http404
    context = {
        "figures": _figures(),
        "groups": [(choose("Land and area", "用地与面积"), [_disputed()])],
        "listing": _listing(total=145, page=2),
        "empty": _listing(total=0, page=1),
        "refused": _listing(
            total=0,
            page=1,
            errors=[Problem("colour", choose("There is no such filter.", "没有此筛选项。"))],
        ),
        "zones": _zones(),
        "projects": _projects(),
        "reform": _reform(),
        "squares": Squares(*_reform().claim, 30, 6),
        "bars": _bars(),
        "columns": _columns(),
        "map": _map(),
        "selection": _selection(),
        "choices": Choices(_zones()),
        "found": Choices(_projects(), is_few=False, text="madeup", total=1234),
        "misread": Choices(
            is_few=False,
            text="…",
            problem=choose("Type a letter or a digit at least.", "请至少输入一个字或数字。"),
        ),
        "procedures": _procedures(),
        "milestones": _milestones(),
        "withdrawn": _withdrawn(),
        "breadcrumbs": [(choose("Zones", "开发区"), reverse("zones:list")), (choose("Madeup", "示例"), "")],
        "notices": ("info", "warning", "error"),
    }
    return render(request, "patterns.html", context)


def _source(number=1):
    return Source(
        slug=f"made-up-{number}",
        publisher_en=f"Made-up Daily {number}",
        publisher_zh=f"示例日报{number}",
        title="Made up",
        date=PartialDate("2021-03-06"),
    )


def _figure(english, chinese=None, **more):
    label = more.pop("label", choose("Area", "面积"))
    more = {"period": PartialDate("2020-09"), "sources": [_source()]} | more
    return Figure(label=label, value=choose(english, chinese or english), **more)


def _figures():
    """(what it shows, figure) of every state in which a figure is printed."""
    return [
        ("known", _figure("239.4 km²", "239.4平方公里")),
        ("about", _figure("about 240 km²", "约240平方公里")),
        ("range", _figure("1.5–2 billion yuan", "15亿—20亿元")),
        ("long", _figure("more than 1,240,000,000 yuan", "超过12.4亿元")),
        ("of a part", _figure("60 km²", "60平方公里", part=choose("core area", "核心区"))),
        ("without date", _figure("60 km²", "60平方公里", period=None)),
        ("without source", _figure("60 km²", "60平方公里", sources=[])),
        ("many sources", _figure("60 km²", "60平方公里", sources=[_source(1), _source(2), _source(3)])),
        ("noted", _figure("60 km²", "60平方公里", note=choose("Read from a map.", "据地图读取。"))),
        (
            "in doubt",
            _figure("7.7%", doubt=choose("Probably a gap, not an average.", "可能是差距，而非平均值。")),
        ),
        ("as stated", _figure("60 km²", as_stated=LocalizedText("六十平方公里", CHINESE))),
        ("in the other language", Figure("", LocalizedText("在建", CHINESE), sources=[_source()])),
        ("unknown", Figure(label="")),
        ("unknown and in doubt", Figure("", doubt=choose("Sources contradict.", "来源相互矛盾。"))),
    ]


def _disputed():
    figure = _figure("239.4 km²", "239.4平方公里")
    figure.alternatives = [_figure("208 km²", "208平方公里", sources=[_source(2)])]
    return figure


class _Range(forms.Form):
    minimum = forms.DecimalField(label=gettext_lazy("from"))
    maximum = forms.DecimalField(label=gettext_lazy("below"))


def _facet(name, label, many):
    labels = [choose(f"Value {number}", f"选项{number}") for number in range(1, many + 1)]
    options = [
        Option(f"v{i}", label, (12 - i) if i < 10 else 0, i == 1, f"{name}-v{i}", "#listing")
        for i, label in enumerate(labels)
    ]
    return FacetView(name, label, options)


def _listing(total, page, errors=()):
    rows = Paginator(range(total), 25).page(page)
    chips = [
        Chip("city", "taiyuan", choose("City", "城市"), choose("Taiyuan", "太原市"), "#listing"),
        Chip("q", None, choose("Search", "搜索"), choose("lithium", "锂电"), "#listing"),
    ]
    numbers = [1, 2, 3, None, 6] if total else []
    form = _Range(auto_id="range-%s")
    return Made(
        page=rows,
        total=total,
        errors=list(errors),
        facets=[
            _facet("few", choose("Few values", "少量选项"), 4),
            _facet("many", choose("Many", "大量选项"), 15),
        ],
        ranges=[
            RangeView(
                choose("Investment", "投资额"),
                choose("million yuan", "百万元"),
                form["minimum"],
                form["maximum"],
            )
        ],
        hidden=[("sort", "latest")],
        sorts=[
            Link(choose("Latest", "最新"), "#listing", current=True),
            Link(choose("Largest", "规模最大"), "#listing"),
        ],
        chips=chips,
        removals=[Removal(chip, count, chip.url) for chip, count in zip(chips, (12, 3), strict=True)],
        page_links=[Link(str(n or "…"), "#listing", n == page, n) for n in numbers],
        previous_url="#listing",
        next_url="#listing",
        clear_url="#listing",
        understood_url="#listing",
        export_url="#listing",
    )


def _rows(*rows):
    """Something for `{% for … in row.things.all %}`."""
    return Made(all=list(rows))


def _named(english, chinese, **more):
    first, second = LocalizedText(english, ENGLISH), LocalizedText(chinese, CHINESE)
    name = choose(english, chinese)
    other = second if name.lang == ENGLISH else first
    return Made(name=name, other_name=other, get_absolute_url="#cards", slug="made-up", **more)


def _zones():
    """Two zones as they come: one of which much is known, one of which almost nothing is."""
    industries = _rows(_named("New materials", "新材料"), _named("Logistics", "现代物流"))
    full = _named(
        "Madeup High-Tech Zone",
        "示例高新技术产业开发区",
        city=_named("Taiyuan", "太原市"),
        county=choose("Example District", "示例区"),
        level="national",
        level_label=choose("National level", "国家级"),
        summary=choose("A zone that nobody will find on a map.", "地图上找不到的开发区。"),
        get_type_display=choose("High-tech industrial development zone", "高新技术产业开发区"),
        industries=industries,
        area=_figure("239.4 km²", "239.4平方公里"),
        founding=_figure("2012", "2012年", dated=False, period=None),
    )
    bare = _named(
        "Madeup Zone",
        "示例开发区",
        city=_named("Datong", "大同市"),
        level="",
        level_label=choose("Level not stated", "级别未说明"),
        get_type_display=choose("Other industrial zone", "其他产业园区"),
        industries=_rows(),
        area=Figure(""),
        founding=Figure(""),
    )
    return [full, bare]


def _projects():
    sector = _named("New materials", "新材料")
    full = _named(
        "Madeup cell plant",
        "示例电池厂",
        company=choose("Madeup Battery", "示例电池公司"),
        city=_named("Taiyuan", "太原市"),
        summary=choose("A plant that nobody builds.", "无人建设的工厂。"),
        sector=sector,
        kind="programme",
        get_kind_display=choose("Programme", "计划"),
        investment=_figure("500 million yuan", "5亿元"),
        progress=_figure("under construction", "在建"),
    )
    bare = _named(
        "Madeup park", "示例园区", sector=sector, kind="project", investment=Figure(""), progress=Figure("")
    )
    return [full, bare]


def _reform():
    return Made(
        claim=[
            _figure("about 30 procedures", "约30项", digits="30"),
            _figure("6 procedures", "6项", digits="6"),
        ],
        said_of=choose("one matter", "某事项"),
        said_by=choose("an executive", "某高管"),
        said_on=PartialDate("2021-03"),
    )


def _procedures():
    """One of each fate, the first with all that can be stated, the others with nothing."""
    words = {
        "office": choose("Made-up Bureau", "示例局"),
        "days": _figure("5 working days", "5个工作日"),
    }
    made = []
    for number, fate in enumerate(Procedure.Fate):
        row = _named(f"Procedure {number + 1}", f"事项{number + 1}", **({} if number else words))
        row.slug = f"procedure-{fate.value}"
        row.fate, row.get_fate_display = fate.value, fate.label
        row.get_era_display = Procedure.Era.BEFORE.label
        row.get_stage_display = Procedure.Stage.LAND.label
        row.get_scope_display = Procedure.Scope.SHANXI.label
        row.citations = [] if number else [_source()]
        made.append(row)
    return made


def _milestones():
    return [
        Made(date=PartialDate("2019-12"), get_kind_display=_("Signed"), phase=choose("phase one", "一期")),
        Made(
            date=PartialDate("2021-H2"), get_kind_display=_("Started"), text=choose("As planned.", "按计划。")
        ),
        Made(date=None, get_kind_display=_("Finished")),
    ]


def _bars():
    """One of each mark: the first, a doubted one, one below zero, zero, and one that is not known."""
    bars = [
        Bar(choose("Shanxi", "山西"), "10.6%", Decimal("10.6"), kind="first", note=choose("2020", "2020年")),
        Bar(choose("Nation", "全国"), "7.7%", Decimal("7.7"), kind="doubt", url="#charts"),
        Bar(choose("Elsewhere", "其他"), "−2.9%", Decimal("-2.9")),
        Bar(choose("Nothing", "无"), "0", 0),
        Bar(choose("Not known", "未知")),
    ]
    return BarChart([BarGroup(bars, choose("Made-up growth", "示例增速"))], _("Place"), _("Growth"))


def _columns():
    return ColumnChart(
        [
            Column("2018", "120", Decimal(120)),
            Column("2019"),
            Column("2020", "180", Decimal(180), kind="doubt"),
            Column("2021", "240", Decimal(240)),
        ]
    )


def _map():
    """All cities, one chosen and one empty, with a pin on its point and one beside it."""
    cities = [
        MapCity(slug, slug.capitalize(), "#map", number, selected=number == 2)
        for number, slug in enumerate(NAMES)
    ]
    pins = [
        Pin(1, choose("On its point", "在原点"), "#map", 150, 330, 150, 330),
        Pin(2, choose("Beside it", "移开"), "#map", 190, 400, 155, 370),
    ]
    return Map(cities, pins, filters=True, without_city=1, without_point=2, inexact=1)


def _selection():
    """An address that names records, with everything that can be wrong with it."""
    one = Made(record=_withdrawn())
    return Made(
        problems=[("zone", choose("“nowhere” was not found.", "未找到“nowhere”。"))],
        withdrawn=[one],
        beyond=[one],
        repeated=[one],
        most=5,
        is_untidy=True,
        shown=[one],
    )


def _withdrawn():
    return _named(
        "Madeup Zone",
        "示例开发区",
        withdrawn_on=datetime.date(2026, 3, 6),
        withdrawn_reason=choose("It was counted twice.", "重复计算。"),
    )

"""Rows for tests: valid, published and unlike each other, unless a test says otherwise.

`make_zone()` is a public zone; `make_zone(state="draft", city=taiyuan, industries=[chemicals])` is the one
that a test is about. Whatever is not given is made up: a counter keeps addresses and names apart.
"""

import datetime
from decimal import Decimal
from itertools import count

from business_environment.models import (
    AccountPart,
    Cost,
    Indicator,
    IndicatorValue,
    LegalText,
    PathAnswer,
    PathQuestion,
    Policy,
    Prerequisite,
    Procedure,
    ProcedureRule,
    Reform,
    ReformAccount,
    ReformCase,
    ReformEvent,
    TransportLink,
)
from projects.models import Milestone, Project
from records.dates import PartialDate
from records.models import Aspect, Source, State, Statement
from zones.models import City, Industry, Park, Region, Zone, ZoneRelation

_numbers = count(1)


def _create(model, defaults, overrides):
    """Save a row of the defaults and the overrides; lists for many-to-many fields are set after."""
    values = defaults | overrides
    names = [field.name for field in model._meta.many_to_many if field.name in values]
    related = {name: values.pop(name) for name in names}
    row = model.objects.create(**values)
    for name, rows in related.items():
        getattr(row, name).set(rows)
    return row


def _create_record(model, noun_en, noun_zh, overrides, **defaults):
    """Save a record that is public by default; a withdrawn one gets the day and the reason it needs."""
    number = next(_numbers)
    values = {
        "slug": f"{noun_en.lower().replace(' ', '-')}-{number}",
        "name_en": f"{noun_en} {number}",
        "name_zh": f"{noun_zh}{number}",
        "state": State.PUBLISHED,
    }
    if overrides.get("state") == State.WITHDRAWN:
        values |= {
            "withdrawn_on": datetime.date(2026, 3, 6),
            "withdrawn_reason_en": "It was counted twice.",
            "withdrawn_reason_zh": "重复计算。",
        }
    return _create(model, values | defaults, overrides)


# Sources, vocabulary and statements


def make_source(**overrides):
    number = next(_numbers)
    values = {
        "slug": f"source-{number}",
        "publisher_en": f"Daily {number}",
        "publisher_zh": f"日报{number}",
        "title": f"Article {number}",
        "title_lang": "en",
        "url": f"https://source.example/{number}",
        "link_ok": True,
        "date": PartialDate("2021-03-06"),
        "kind": Source.Kind.MEDIA,
        "reliability": Source.Reliability.A,
    }
    return _create(Source, values, overrides)


def make_aspect(**overrides):
    """An aspect that takes a number without a unit; give `kind`, `unit` or `column` for another."""
    number = next(_numbers)
    values = {
        "key": f"aspect-{number}",
        "label_en": f"Aspect {number}",
        "label_zh": f"方面{number}",
        "kind": Aspect.Kind.NUMBER,
        "group": Aspect.Group.OUTPUT,
    }
    return _create(Aspect, values, overrides)


def make_statement(record, **overrides):
    """An adopted statement about a record, with a value of the kind that its aspect takes."""
    aspect = overrides.get("aspect") or make_aspect()
    values = {"record": record, "aspect": aspect, "adopted": True, "as_of": PartialDate("2021-03")}
    if "source" not in overrides:
        values["source"] = make_source()
    if not overrides.keys() & {"number", "date", "choice", "text_en", "text_zh"}:
        values |= {
            Aspect.Kind.NUMBER: {"number": Decimal("42")},
            Aspect.Kind.DATE: {"date": PartialDate("2012-08")},
            Aspect.Kind.TEXT: {"text_en": "In words", "text_zh": "文字说明"},
        }.get(aspect.kind, {})
    return _create(Statement, values, overrides)


# Zones


def make_city(**overrides):
    number = next(_numbers)
    values = {
        "slug": f"city-{number}",
        "name_en": f"City {number}",
        "name_zh": f"城市{number}",
        "order": number,
        "latitude": Decimal("37.87"),
        "longitude": Decimal("112.55"),
    }
    return _create(City, values, overrides)


def make_industry(**overrides):
    number = next(_numbers)
    values = {
        "slug": f"industry-{number}",
        "name_en": f"Industry {number}",
        "name_zh": f"产业{number}",
        "order": number,
    }
    return _create(Industry, values, overrides)


def make_region(**overrides):
    if "cities" not in overrides:
        overrides["cities"] = [make_city()]
    return _create_record(Region, "Region", "区域", overrides)


def make_zone(**overrides):
    if "city" not in overrides:
        overrides["city"] = make_city()
    return _create_record(Zone, "Zone", "开发区", overrides, type=Zone.Type.ECONOMIC)


def make_park(zone, **overrides):
    number = next(_numbers)
    return _create(Park, {"zone": zone, "name_en": f"Park {number}", "name_zh": f"园区{number}"}, overrides)


def make_zone_relation(zone, other, **overrides):
    values = {"zone": zone, "other": other, "words_en": "Perhaps the old name", "words_zh": "可能为旧名"}
    return _create(ZoneRelation, values, overrides)


# Projects


def make_project(**overrides):
    """A project whose zone, city and sum are not stated."""
    if "sector" not in overrides:
        overrides["sector"] = make_industry()
    return _create_record(Project, "Project", "项目", overrides, status=Project.Status.SIGNED)


def make_milestone(project, **overrides):
    values = {"project": project, "kind": Milestone.Kind.SIGNED, "date": PartialDate("2021-03")}
    return _create(Milestone, values, overrides)


# Business environment


def make_indicator(**overrides):
    """An indicator with one value; `values` says how many, or which (a list of overrides)."""
    values = overrides.pop("values", 1)
    indicator = _create_record(
        Indicator,
        "Indicator",
        "指标",
        overrides,
        topic=Indicator.Topic.INVESTMENT,
        unit="yuan",
        place_en="Shanxi",
        place_zh="山西省",
    )
    for one in [{}] * values if isinstance(values, int) else values:
        make_indicator_value(indicator, **one)
    return indicator


def make_indicator_value(indicator, **overrides):
    values = {
        "indicator": indicator,
        "slug": f"value-{next(_numbers)}",
        "number": Decimal("1500000000"),
        "unit": indicator.unit,
        "period": PartialDate("2020"),
    }
    return _create(IndicatorValue, values, overrides)


def make_procedure(**overrides):
    """A procedure of the time before the reform, kept since; with era="after" it has no fate."""
    era = overrides.get("era", Procedure.Era.BEFORE)
    return _create_record(
        Procedure,
        "Procedure",
        "事项",
        overrides,
        era=era,
        fate=Procedure.Fate.KEPT if era == Procedure.Era.BEFORE else "",
        stage=Procedure.Stage.LAND,
        scope=Procedure.Scope.SHANXI,
    )


def make_path_question(**overrides):
    number = next(_numbers)
    values = {
        "slug": f"question-{number}",
        "label_en": f"Question {number}",
        "label_zh": f"问题{number}",
        "order": number,
    }
    return _create(PathQuestion, values, overrides)


def make_path_answer(question=None, **overrides):
    number = next(_numbers)
    values = {
        "question": question or make_path_question(),
        "slug": f"answer-{number}",
        "label_en": f"Answer {number}",
        "label_zh": f"答案{number}",
        "order": number,
    }
    return _create(PathAnswer, values, overrides)


def make_procedure_rule(procedure, *answers, **overrides):
    """A rule that makes the procedure a step: always, or where these answers are given."""
    values = {"procedure": procedure, "reason_en": "The law says so.", "reason_zh": "法律规定。"}
    rule = _create(ProcedureRule, values, overrides)
    rule.answers.set(answers)
    return rule


def make_prerequisite(procedure, needs, **overrides):
    values = {"procedure": procedure, "needs": needs, "reason_en": "One by one.", "reason_zh": "依次办理。"}
    return _create(Prerequisite, values, overrides)


def make_policy(**overrides):
    return _create_record(
        Policy, "Policy", "政策", overrides, topic=Policy.Topic.FOREIGN, date=PartialDate("2021-03")
    )


def make_cost(**overrides):
    return _create_record(
        Cost,
        "Cost",
        "成本",
        overrides,
        item=Cost.Item.ELECTRICITY,
        unit="yuan-per-kwh",
        place_en="Shanxi",
        place_zh="山西省",
    )


def make_transport_link(**overrides):
    return _create_record(
        TransportLink, "Transport link", "交通线路", overrides, kind=TransportLink.Kind.RAIL
    )


def make_reform(**overrides):
    """A reform with an account of two parts, event, legal text and case; parts=False leaves these out."""
    with_parts = overrides.pop("parts", True)
    reform = _create_record(Reform, "Reform", "改革", overrides, said_on=PartialDate("2021-03"))
    if with_parts:
        make_reform_account(reform)
        ReformEvent.objects.create(
            reform=reform, date=PartialDate("2017-07"), text_en="The pilot began.", text_zh="试点启动。"
        )
        LegalText.objects.create(reform=reform, title_en="Measures on commitments", title_zh="承诺制办法")
        ReformCase.objects.create(
            reform=reform, kind=ReformCase.Kind.CASE, text_en="A company says so.", text_zh="一家企业如是说。"
        )
    return reform


def make_reform_account(reform, **overrides):
    number = next(_numbers)
    values = {
        "reform": reform,
        "key": f"account-{number}",
        "label_en": f"Account {number}",
        "label_zh": f"口径{number}",
        "text_en": "It counts items before construction.",
        "text_zh": "统计开工前事项。",
        "count": 22,
    }
    account = _create(ReformAccount, values, overrides)
    for label_en, label_zh, items in [("Done by government", "政府服务", 14), ("Kept", "保留", 8)]:
        AccountPart.objects.create(account=account, label_en=label_en, label_zh=label_zh, count=items)
    return account

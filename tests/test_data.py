"""The shipped records: all of data/ is in the database, on the pages, and with its sources."""

import re
from collections import Counter
from decimal import Decimal
from functools import cache
from html import unescape
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.test import Client

from business_environment import models as environment
from projects.models import Project
from records.checks import columns_that_disagree
from records.fields import PartialDateField
from records.models import Source, State, Statement, record_models
from zones.models import City, Region, Zone

pytestmark = pytest.mark.usefixtures("shipped_data")

DATA = Path(settings.BASE_DIR) / "data"
SHORTHANDS = ("statements", "sources", "cites")

COUNTS = {
    Source: 251,
    City: 11,
    Zone: 70,
    Region: 1,
    Project: 145,
    environment.IndicatorValue: 58,
    environment.Policy: 12,
    environment.Cost: 7,
    environment.TransportLink: 9,
    environment.Reform: 1,
    environment.ReformAccount: 6,
    environment.ReformEvent: 9,
    environment.LegalText: 7,
}


@pytest.mark.parametrize(("model", "number"), COUNTS.items(), ids=[model.__name__ for model in COUNTS])
def test_there_are_as_many_rows_as_were_found(model, number):
    assert model.objects.count() == number


def test_procedures_are_22_before_and_8_after_the_reform():
    eras = environment.Procedure.objects.values_list("era", flat=True)
    assert Counter(eras) == {"before": 22, "after": 8}


def test_the_southeast_has_eight_claims():
    claims = Region.objects.with_statements().get(slug="southeast").figures("advantage")
    assert len(claims) == 8


def test_all_that_is_shipped_is_public():
    assert {
        model.__name__ for model in record_models() if model.objects.exclude(state=State.PUBLISHED).exists()
    } == set()


# Every word and number of the files


@cache
def entries():
    """(model, record) of every record of every file, read by a reader of its own: all scalars are texts."""
    found, loader = [], getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    for path in sorted(DATA.rglob("*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (it makes texts only)
        app, name = path.relative_to(DATA).with_suffix("").parts[:2]
        defaults = content.get("defaults", {})
        found += [(apps.get_model(app, name), {**defaults, **record}) for record in content["records"]]
    return found


def name_of(row):
    """How a file names a row."""
    if isinstance(row, ContentType):
        return f"{row.app_label}.{row.model}"
    return row.slug if hasattr(row, "slug") else row.key


def says(row, item, text):
    """Whether a column holds what a file says."""
    value = getattr(row, item.name)
    if item.is_relation:
        return name_of(value) == text
    if isinstance(item, PartialDateField):
        return value.text == text
    if isinstance(item, models.DecimalField | models.IntegerField):
        return Decimal(value) == Decimal(text)
    if isinstance(item, models.BooleanField):
        return value is (text == "true")
    return str(value) == text


def differences(row, content, where):
    """What a file says of a row and the database does not."""
    for name, value in content.items():
        if name in SHORTHANDS:
            continue
        item = row._meta.get_field(name)
        if item.many_to_many:
            if {name_of(one) for one in getattr(row, name).all()} != set(value):
                yield f"{where}.{name}"
        elif item.one_to_many:
            children = list(getattr(row, name).order_by("pk"))
            if len(children) != len(value):
                yield f"{where}.{name}: {len(children)} rows for {len(value)}"
            for number, (child, given) in enumerate(zip(children, value, strict=False)):
                yield from differences(child, given, f"{where}.{name}[{number}]")
        elif not says(row, item, value):
            yield f"{where}.{name}: {getattr(row, name)!r} for {value!r}"
    if SHORTHANDS[0] in content or "sources" in content or "cites" in content:
        yield from missing_statements(row, content, where)


def missing_statements(row, content, where):
    rows = list(row.statements.select_related("aspect", "source"))
    wanted = 0
    for given in content.get("statements", ()):
        plain = {name: value for name, value in given.items() if name not in ("aspect", "sources", "adopted")}
        for source in given["sources"]:
            wanted += 1
            if not any(
                one.aspect.key == given["aspect"]
                and one.source.slug == source
                and all(
                    says(one, one._meta.get_field(name), value)
                    for name, value in plain.items()
                    if value_of(one, name)
                )
                and all(value_of(one, name) for name in plain)
                for one in rows
            ):
                yield f"{where}: {given['aspect']} of {source}"
    cites = {"whole": content.get("sources", []), **content.get("cites", {})}
    for aspect, sources in cites.items():
        wanted += len(sources)
        held = {one.source.slug for one in rows if one.aspect.key == aspect and not one.has_value}
        if not set(sources) <= held:
            yield f"{where}: {aspect} cites {sorted(set(sources) - held)}"
    if len(rows) != wanted:
        yield f"{where}: {len(rows)} statements for {wanted}"


def value_of(row, name):
    """Whether the column holds anything; a number may be 0."""
    return getattr(row, name) not in (None, "")


def test_every_record_and_every_number_of_the_files_is_in_the_database():
    found, seen = [], Counter()
    for model, content in entries():
        key = "slug" if "slug" in content else "key"
        seen[model] += 1
        row = model.objects.filter(**{key: content[key]}).first()
        if row is None:
            found.append(f"{model.__name__} {content[key]} is missing")
        else:
            found += differences(row, content, f"{model.__name__} {content[key]}")
    assert found == []
    assert sum(seen.values()) == 637
    assert {model.__name__: number for model, number in seen.items() if model.objects.count() != number} == {}


def test_every_statement_in_the_database_comes_from_the_files():
    def stated(content):
        number = sum(len(one["sources"]) for one in content.get("statements", ()))
        number += len(content.get("sources", ())) + sum(map(len, content.get("cites", {}).values()))
        children = [child for value in content.values() if isinstance(value, list) for child in value]
        return number + sum(
            stated(child) for child in children if isinstance(child, dict) and "aspect" not in child
        )

    assert Statement.objects.count() == sum(stated(content) for _model, content in entries())


def test_columns_and_adopted_statements_agree_everywhere():
    assert [str(finding) for finding in columns_that_disagree()] == []


def test_columns_that_repeat_a_statement_are_checked_one_by_one():
    # The same again without the code under test.
    columns = {
        Zone: {"level": "level", "established": "established", "upgraded": "upgraded", "area": "area_km2"},
        Project: {"status": "status", "investment": "investment_yuan"},
    }
    compared, wrong = Counter(), []
    for model, pairs in columns.items():
        for row in model.objects.prefetch_related("statements__aspect"):
            for aspect, column in pairs.items():
                stated = [
                    one
                    for one in row.statements.all()
                    if one.aspect.key == aspect and one.adopted and one.has_value
                ]
                values = [one.choice or one.date or one.number for one in stated]
                values = [value for value in values if value]  # some sums are stated in words alone
                held = getattr(row, column)
                compared[column] += held is not None
                if values != ([held] if held is not None else []):
                    wrong.append(f"{row.slug} {column}: {held} for {values}")
    assert wrong == []
    assert set(compared) == {column for pairs in columns.values() for column in pairs.values()}
    assert min(compared.values()) >= 1


# On the pages


def text_of(address):
    """What a reader sees of a page, in one line."""
    answer = Client().get(address)
    assert answer.status_code == 200, address
    body = answer.content.decode()
    body = re.sub(r"<head>.*?</head>|<svg.*?</svg>", " ", body, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture(scope="module")
def source_pages(shipped_data):
    """slug -> the page of each source, as it was sent."""
    client = Client()
    answers = {source.slug: client.get(f"/en/sources/{source.slug}/") for source in Source.objects.all()}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {slug: answer.content.decode() for slug, answer in answers.items()}


def test_every_source_is_cited_and_its_page_says_of_what(source_pages):
    assert Source.objects.published().count() == 251
    for source in Source.objects.all():
        page = source_pages[source.slug]
        assert source.title in unescape(page)
        assert page.partition("<main")[2].count('href="/en/') >= 1, source.slug


def test_a_record_leads_to_each_of_its_sources():
    client = Client()
    # Every third one: all are made by the same templates.
    rows = [*Zone.objects.with_statements(), *Project.objects.with_statements()][::3]
    for row in [*rows, *Region.objects.with_statements()]:
        page = client.get(f"/en/{row._meta.model_name}s/{row.slug}/").content.decode()
        cited = {source.slug for source in row.citations()}
        assert cited
        linked = set(re.findall(r'href="/en/sources/([^/"]+)/"', page))
        assert cited <= linked, row.slug


def test_copies_on_other_sites_are_never_linked(source_pages):
    outside = {
        (slug, unescape(link))
        for slug, page in source_pages.items()
        for link in re.findall(r'href="(https?://[^"]+)"', page)
    }
    outside = {(slug, link) for slug, link in outside if not link.startswith("http://testserver/")}
    linkable = {(source.slug, source.url) for source in Source.objects.filter(link_ok=True)}
    assert outside == linkable
    hidden = set(Source.objects.filter(link_ok=False).exclude(url="").values_list("url", flat=True))
    assert len(hidden) > 50
    assert hidden & {link for _slug, link in outside} == set()


def test_a_guess_of_a_level_changes_no_byte_of_any_page():
    guessed = Zone.objects.exclude(level_guess="").filter(level=None)
    assert guessed.count() > 0
    addresses = [
        "/en/zones/",
        "/en/zones/?page=2",
        "/en/zones/?page=3",
        "/zh-hans/zones/",
        "/en/zones.csv",
        "/en/cities/changzhi/",
    ]
    addresses += ["/en/zones/?level=not-stated", "/en/search/?q=changzhi", "/sitemap.xml"]
    addresses += [f"/en/zones/{zone.slug}/" for zone in guessed[:5]]
    client = Client()
    before = [client.get(address).getvalue() for address in addresses]
    with transaction.atomic():
        Zone.objects.update(level_guess="")
        without = [client.get(address).getvalue() for address in addresses]
        Zone.objects.update(level_guess="national")
        changed = [client.get(address).getvalue() for address in addresses]
        transaction.set_rollback(True)
    assert before == without == changed
    assert "Level not stated" in before[0].decode()


ARTICLE = "china-daily-2021-03-26-investment-booms-province-2020"
TRANSFERS = "china-daily-2022-03-10-province-calls-industrial-transfers"
INDICATORS = "/{}/business-environment/indicators/"

# What the two articles of China Daily say, where it must stand, and the source that must be linked beside it.
NEWS = [
    (
        INDICATORS,
        ARTICLE,
        ["more than 7,200 projects", "1.24 trillion yuan", "US$190 billion"],
        ["超过7,200个", "1.24万亿元", "1,900亿美元"],
    ),
    (
        INDICATORS,
        ARTICLE,
        ["10.6%", "7.7%", "10.6 − 2.9 = 7.7, so 7.7 looks like the gap in percentage points"],
        ["10.6%", "7.7%", "10.6−2.9=7.7，因此7.7似为相差的百分点"],
    ),
    (
        INDICATORS,
        ARTICLE,
        ["Ranked second in the country", "No. 2 in China"],
        ["增速居全国第二位", "全国第2位"],
    ),
    (INDICATORS, ARTICLE, ["nearly 2,000 projects", "more than 900 projects"], ["近2,000个", "超过900个"]),
    (
        "/{}/",
        ARTICLE,
        [
            "more than 7,200 projects",
            "1.24 trillion yuan",
            "10.6%",
            "7.7%",
            "nearly 2,000 projects",
            "more than 900 projects",
        ],
        ["超过7,200个", "1.24万亿元", "10.6%", "7.7%", "近2,000个", "超过900个"],
    ),
    (
        "/{}/projects/jinbo-recombinant-collagen/",
        ARTICLE,
        ["Jinbo Biology", "collagen", "Fudan University"],
        ["锦波生物", "胶原蛋白", "复旦大学"],
    ),
    (
        "/{}/projects/dayun-nev-plant-yuncheng/",
        ARTICLE,
        ["Dayun Group", "every two minutes", "50 billion yuan"],
        ["大运", "每两分钟下线一辆", "500亿元"],
    ),
    (
        "/{}/projects/huashuo-nengji-lithium-storage-shuozhou/",
        ARTICLE,
        ["500 million yuan", "Six production lines, 1 GWh a year", "6 March 2021"],
        ["5亿元", "6条生产线，年产能1吉瓦时", "2021年3月6日"],
    ),
    (
        "/{}/business-environment/approvals/",
        ARTICLE,
        ["about 30 procedures", "6 procedures", "Zhang Jun"],
        ["约30项", "6项", "Zhang Jun"],
    ),
    (INDICATORS, TRANSFERS, ["2 zones", "14 zones"], ["2个", "14个"]),
    (
        "/{}/regions/southeast/",
        TRANSFERS,
        ["Two national and 14 provincial development zones"],
        ["有2个国家级开发区和14个省级开发区"],
    ),
]


@pytest.mark.parametrize(("address", "source", "english", "chinese"), NEWS)
def test_the_figures_of_the_articles_are_on_their_pages_with_their_source(address, source, english, chinese):
    for language, words in (("en", english), ("zh-hans", chinese)):
        page = address.format(language)
        text = text_of(page)
        assert [word for word in words if word not in text] == [], page
        assert f'href="/{language}/sources/{source}/"' in Client().get(page).content.decode()


def test_the_doubt_about_7_7_per_cent_stands_beside_it_on_the_home_page():
    assert "so 7.7 looks like the gap in percentage points, not the national average" in text_of("/en/")
    assert "因此7.7似为相差的百分点，而非全国平均水平" in text_of("/zh-hans/")


def test_each_of_the_eight_claims_is_on_the_page_of_the_southeast_in_both_languages():
    claims = Statement.objects.filter(aspect__key="advantage", adopted=True)
    assert claims.count() == 8
    english, chinese = text_of("/en/regions/southeast/"), text_of("/zh-hans/regions/southeast/")
    assert [claim.text_en for claim in claims if claim.text_en not in english] == []
    assert [claim.text_zh for claim in claims if claim.text_zh not in chinese] == []
    assert (
        english.count("Claims of Shanxi’s deputies to the National People’s Congress, not measured facts.")
        == 8
    )
    assert chinese.count("系山西省全国人大代表的表述，并非经测算的数据。") == 8


def test_every_doubt_and_every_note_on_a_figure_is_on_a_page():
    pages = " ".join(text_of(INDICATORS.format(language)) for language in ("en", "zh-hans"))
    values = environment.IndicatorValue.objects.all()
    texts = {
        getattr(value, f"{name}_{language}")
        for value in values
        for name in ("note", "doubt", "comparison_doubt", "comparison_words")
        for language in ("en", "zh")
    } - {""}
    assert len(texts) > 20
    assert [text for text in texts if " ".join(text.split()) not in pages] == []


def test_every_doubt_of_a_statement_is_on_the_page_of_its_record():
    doubted = Statement.objects.exclude(doubt_en="").prefetch_related("record")
    rows = [one for one in doubted if isinstance(one.record, Zone | Project | Region)]
    missing = [
        f"{one.record} {one.aspect.key}: {one.doubt_en}"
        for one in rows
        if " ".join(one.doubt_en.split())
        not in text_of(f"/en/{one.record._meta.model_name}s/{one.record.slug}/")
    ]
    assert missing == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_changzhi_has_fifteen_zones_one_national_two_provincial_twelve_not_stated(language):
    listing = Client().get(f"/{language}/zones/?city=changzhi").context["listing"]
    slugs = [zone.slug for zone in listing.page]
    level = next(facet for facet in listing.facets if facet.name == "level")
    assert listing.total == len(slugs) == 15
    assert {option.value: option.count for option in level.options} == {
        "national": 1,
        "provincial": 2,
        "not-stated": 12,
    }
    assert slugs == sorted(Zone.objects.filter(city__slug="changzhi").values_list("slug", flat=True))


def test_both_languages_list_the_same_zones():
    pages = [Client().get(f"/{language}/zones/?city=changzhi") for language in ("en", "zh-hans")]
    english, chinese = ([zone.slug for zone in page.context["listing"].page] for page in pages)
    assert english == chinese

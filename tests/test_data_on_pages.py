"""The shipped records on their pages: what the sources say, with the sources, the doubts and the notes."""

import re
from html import unescape

import pytest
from django.db import transaction
from django.test import Client

from business_environment import models as environment
from projects.models import Project
from records.models import Source, Statement, record_models
from zones.models import Region, Zone

pytestmark = [pytest.mark.usefixtures("shipped_data"), pytest.mark.sqlite]


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
    # Those of the business environment have a test of their own.
    for row in [*rows, *Region.objects.with_statements()]:
        page = client.get(row.get_absolute_url()).content.decode()
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
GROWTH = f"{INDICATORS}fai-growth/"

# What the two articles of China Daily say, where it must stand, and the source that must be linked beside it.
NEWS = [
    (f"{INDICATORS}new-projects/", ARTICLE, ["more than 7,200 projects"], ["超过7,200个"]),
    (
        f"{INDICATORS}new-projects-investment/",
        ARTICLE,
        ["1.24 trillion yuan", "US$190 billion"],
        ["1.24万亿元", "1,900亿美元"],
    ),
    (
        GROWTH,
        ARTICLE,
        ["10.6%", "7.7%", "10.6 − 2.9 = 7.7, so 7.7 looks like the gap in percentage points"],
        ["10.6%", "7.7%", "10.6−2.9=7.7，因此7.7似为相差的百分点"],
    ),
    (GROWTH, ARTICLE, ["Ranked second in the country"], ["增速居全国第二位"]),
    (f"{INDICATORS}fai-rank/", ARTICLE, ["No. 2 in China"], ["全国第2位"]),
    (f"{INDICATORS}zone-projects/", ARTICLE, ["nearly 2,000 projects"], ["近2,000个"]),
    (f"{INDICATORS}zone-operational/", ARTICLE, ["more than 900 projects"], ["超过900个"]),
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
    (f"{INDICATORS}southeast-national-zones/", TRANSFERS, ["2 zones"], ["2个"]),
    (f"{INDICATORS}southeast-provincial-zones/", TRANSFERS, ["14 zones"], ["14个"]),
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


def test_every_doubt_and_every_note_on_a_figure_is_on_the_page_of_its_indicator():
    seen, missing = 0, []
    for value in environment.IndicatorValue.objects.select_related("indicator"):
        for language, ending in (("en", "en"), ("zh-hans", "zh")):
            page = text_of(f"{INDICATORS.format(language)}{value.indicator.slug}/")
            for name in ("note", "doubt", "comparison_doubt", "comparison_words"):
                text = " ".join(getattr(value, f"{name}_{ending}").split())
                seen += bool(text)
                missing += [f"{value}: {text}"] if text not in page else []
    assert missing == []
    assert seen > 20


def test_every_doubt_of_a_statement_is_on_the_page_of_its_record():
    doubted = Statement.objects.exclude(doubt_en="").prefetch_related("record")
    rows = [one for one in doubted if isinstance(one.record, tuple(record_models()))]
    missing = [
        f"{one.record} {one.aspect.key}: {one.doubt_en}"
        for one in rows
        if " ".join(one.doubt_en.split()) not in text_of(one.record.get_absolute_url())
    ]
    assert missing == []
    assert len(rows) > 5


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

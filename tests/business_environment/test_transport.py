"""Transport: the table of links between places, its filters and sorts, its file, and the page of each."""

import csv
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from business_environment.models import TransportLink
from records.dates import PartialDate
from tests.factories import make_aspect, make_city, make_source, make_statement, make_transport_link

pytestmark = pytest.mark.django_db

ADDRESS = "/en/business-environment/transport/"
FILE = "/en/business-environment/transport.csv"
NAMED_ENDS = {"from_en": "Here", "from_zh": "此", "to_en": "There", "to_zh": "彼"}


@pytest.fixture
def aspects():
    """The aspects that the table reads, by key."""
    units = {"travel-time": "minutes", "travel-time-before": "minutes", "line-length": "km", "airports": ""}
    return {key: make_aspect(key=key, unit=unit, group="transport") for key, unit in units.items()}


def words(response):
    """The text of a page, without tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(response.content.decode())).split())


def row(response, link):
    """The text of one row of the table."""
    found = re.search(rf'<tr id="{link.slug}">(.*?)</tr>', response.content.decode(), re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", found[1])).split())


def slugs(response):
    return [link.slug for link in response.context["listing"].page.object_list]


def counts(response, name):
    facet = next(facet for facet in response.context["listing"].facets if facet.name == name)
    return {option.value: option.count for option in facet.options}


def read_file(client, query=""):
    response = client.get(f"{FILE}{query}")
    assert response.status_code == 200
    return list(csv.DictReader(response.getvalue().decode("utf-8-sig").splitlines()))


# The table


def test_row_tells_both_ends_times_and_length_each_with_its_passport(client, aspects):
    link = make_transport_link(name_en="Fast line", **NAMED_ENDS)
    source = make_source(publisher_en="Railway News")
    make_statement(link, aspect=aspects["travel-time"], number=144, source=source)
    before = {"aspect": aspects["travel-time-before"], "as_of": PartialDate("../2020-12-12")}
    make_statement(link, number=218, source=source, approximation="about", **before)
    text = row(client.get(ADDRESS), link)
    assert text == (
        "1 Fast line Here → There Rail 2 h 24 min as of March 2021 Railway News"
        " about 3 h 38 min before 12 December 2020 Railway News not stated"
    )


def test_link_without_ends_tells_what_is_stated_instead(client, aspects):
    source = make_source(publisher_en="Airport News")
    hub = make_transport_link(name_en="Airports", kind="air", is_goal=True, summary_en="Nine are planned.")
    make_statement(hub, aspect=aspects["airports"], number=9, source=source, part_en="planned layout")
    text = row(client.get(ADDRESS), hub)
    assert text.startswith("1 Airports Air Goal, not a result Nine are planned.")
    assert text.endswith("9 planned layout as of March 2021 Airport News")
    assert "not stated" not in text


def test_row_without_figures_names_its_source(client, aspects):
    link = make_transport_link(**NAMED_ENDS)
    whole = make_aspect(key="whole", kind="text")
    make_statement(link, aspect=whole, text_en="", source=make_source(publisher_en="The Gazette"))
    text = row(client.get(ADDRESS), link)
    assert "The Gazette" in text
    assert text.endswith("not stated not stated not stated")


def test_chinese_table_is_chinese(client, aspects):
    link = make_transport_link(name_zh="快线", **NAMED_ENDS)
    make_statement(link, aspect=aspects["travel-time"], number=144, source=make_source(publisher_zh="铁路报"))
    text = row(client.get("/zh-hans/business-environment/transport/"), link)
    assert text == "1 快线 此 → 彼 铁路 2小时24分 截至2021年3月 铁路报 未注明 未注明"


def test_city_stands_for_an_end_that_has_no_words(client):
    city = make_city(name_en="Taiyuan")
    link = make_transport_link(from_city=city, to_en="There")
    assert "Taiyuan → There" in row(client.get(ADDRESS), link)
    assert make_transport_link(from_city=city).ends == ()


# Filters and sorts


def test_filters_count_and_choose(client):
    city, other = make_city(slug="taiyuan"), make_city(slug="datong")
    rail = make_transport_link(slug="rail-link", cities=[city, other])
    goal = make_transport_link(slug="goal-link", kind="road", is_goal=True, cities=[city])
    plan = make_transport_link(slug="plan-link", kind="hub", is_goal=True)
    make_transport_link(state="draft", kind="hub", is_goal=True, cities=[city])
    response = client.get(ADDRESS)
    assert counts(response, "kind") == {"rail": 1, "air": 0, "road": 1, "hub": 1}
    assert counts(response, "place") == {"taiyuan": 2, "datong": 1, "province": 1}
    assert counts(response, "standing") == {"result": 1, "goal": 2}
    for query, expected in {
        "standing=goal": [goal, plan],
        "standing=result": [rail],
        "standing=result&standing=goal": [rail, goal, plan],
        "place=taiyuan&standing=goal": [goal],
        "place=datong&place=province": [rail, plan],
        "kind=rail&kind=hub": [rail, plan],
    }.items():
        assert set(slugs(client.get(f"{ADDRESS}?{query}"))) == {link.slug for link in expected}, query
        assert {line["Address"] for line in read_file(client, f"?{query}")} == {
            link.slug for link in expected
        }
    # Each facet is counted with its own choice left out.
    chosen = client.get(f"{ADDRESS}?standing=goal&kind=rail")
    assert counts(chosen, "standing") == {"result": 1, "goal": 0}
    assert counts(chosen, "kind") == {"rail": 0, "air": 0, "road": 1, "hub": 1}
    assert "Result or goal: Goal" in words(chosen)


def test_search_reads_the_names_of_the_ends(client):
    link = make_transport_link(**NAMED_ENDS | {"to_zh": "郑州"})
    make_transport_link()
    assert slugs(client.get(f"{ADDRESS}?q=郑")) == [link.slug]


def test_shortest_time_goes_by_what_is_adopted_and_unknown_comes_last(client, aspects):
    slow, unknown, fast, doubted = (make_transport_link(order=number) for number in range(4))
    time = {"aspect": aspects["travel-time"]}
    make_statement(slow, number=190, **time)
    make_statement(fast, number=60, **time)
    make_statement(doubted, number=300, **time)
    make_statement(doubted, number=10, adopted=False, **time)
    make_statement(unknown, aspect=aspects["travel-time-before"], number=5)
    expected = [fast.slug, slow.slug, doubted.slug, unknown.slug]
    assert slugs(client.get(f"{ADDRESS}?sort=shortest")) == expected
    assert [line["Address"] for line in read_file(client, "?sort=shortest")] == expected


def test_results_come_before_goals(client):
    goal = make_transport_link(order=1, is_goal=True)
    result = make_transport_link(order=2)
    assert slugs(client.get(ADDRESS)) == [result.slug, goal.slug]


@pytest.mark.parametrize(
    ("query", "words_of_it"),
    [
        ("colour=red", "There is no such filter."),
        ("kind=boat", "“boat” is not one of the values."),
        ("place=nation", "“nation” is not one of the values."),
        ("standing=hope", "“hope” is not one of the values."),
        ("sort=longest", "“longest” is not a way to sort."),
        ("page=x", "“x” is not a page number."),
        ("q=a&q=b", "This filter takes one value, not several."),
    ],
)
def test_what_is_not_understood_is_named(client, query, words_of_it):
    make_transport_link()
    response = client.get(f"{ADDRESS}?{query}")
    assert response.status_code == 400
    assert query.partition("=")[0] in words(response)
    assert words_of_it in words(response)
    if not query.startswith("page"):
        refused = client.get(f"{FILE}?{query}")
        assert refused.status_code == 400
        assert words_of_it in refused.content.decode()


# The file


def test_file_has_each_figure_with_hedge_date_and_source(client, aspects):
    city = make_city(name_en="Taiyuan")
    link = make_transport_link(name_en="Fast line", is_goal=True, cities=[city], **NAMED_ENDS)
    source = make_source(publisher_en="Railway News", title="It runs")
    make_statement(link, aspect=aspects["travel-time"], number=60, approximation="about", source=source)
    make_statement(link, aspect=aspects["line-length"], number="308.50", number_max=310, source=source)
    (line,) = read_file(client)
    assert {name: value for name, value in line.items() if value} == {
        "Address": link.slug,
        "Name (English)": "Fast line",
        "Name (Chinese)": link.name_zh,
        "Kind": "Rail",
        "Result or goal": "Goal",
        "From": "Here",
        "To": "There",
        "Travel time, minutes": "60",
        "Travel time, minutes: approximation": "about",
        "Travel time, minutes: as of": "2021-03",
        "Travel time, minutes: source": "Railway News: It runs",
        "Length, km": "308.5–310",
        "Length, km: as of": "2021-03",
        "Length, km: source": "Railway News: It runs",
        "Cities": "Taiyuan",
        "Sources": "Railway News: It runs",
    }
    assert "Travel time before, minutes" in line


# The page of one


def test_page_has_every_statement_and_its_sources(client, aspects):
    city = make_city(name_en="Taiyuan")
    link = make_transport_link(from_city=city, cities=[city], to_en="There")
    time = {"aspect": aspects["travel-time"]}
    make_statement(link, number=144, source=make_source(title="Adopted title"), **time)
    make_statement(link, number=150, adopted=False, source=make_source(title="Other title"), **time)
    make_statement(
        link, aspect=make_aspect(key="remark", kind="text", group="remarks"), text_en="It is often late."
    )
    text = words(client.get(link.get_absolute_url()))
    for part in ("2 h 24 min", "2 h 30 min", "Adopted title", "Other title", "It is often late.", "Result"):
        assert part in text
    assert text.count("It is often late.") == 1
    assert (
        f'<a href="{city.get_absolute_url()}">Taiyuan</a>'
        in client.get(link.get_absolute_url()).content.decode()
    )


def test_page_of_a_link_of_which_nothing_is_stated_says_so(client):
    text = words(client.get(make_transport_link(kind="hub", is_goal=True).get_absolute_url()))
    assert "The sources give no time, length or number for it." in text
    assert "Goal, not a result" in text
    assert "Cities it touches not stated" in text


def test_hidden_links_have_no_page(client):
    near = make_transport_link()
    for state in ("draft", "in-review"):
        assert client.get(make_transport_link(state=state).get_absolute_url()).status_code == 404
    gone = client.get(make_transport_link(state="withdrawn").get_absolute_url())
    assert gone.status_code == 410
    assert near.name_en in words(gone)


@pytest.mark.parametrize("path", ["list", "file", "page"])
def test_queries_do_not_grow_with_the_rows(client, aspects, path):
    def add():
        cities = [make_city(), make_city()]
        link = make_transport_link(from_city=cities[0], to_city=cities[1], cities=cities)
        make_statement(link, aspect=aspects["travel-time"], number=60)
        make_statement(link, aspect=aspects["line-length"], number=60)
        return link

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(addresses[path]).getvalue()
        return len(found)

    addresses = {"list": ADDRESS, "file": FILE, "page": add().get_absolute_url()}
    queries()
    one = queries()
    add(), add()
    # List: cities to choose from; number of links; kinds, places (two) and standings counted; links; their
    # cities; their statements. File: the last three. Page: those, the map's, older translations and changes.
    assert (one, queries()) == ({"list": 9, "file": 3, "page": 6}[path],) * 2


# The records that are shipped


def test_every_shipped_link_is_listed_and_has_a_page_with_its_sources(client, shipped_data):
    links = list(TransportLink.objects.published().with_statements())
    listed = client.get(ADDRESS)
    assert len(links) == 9
    assert set(slugs(listed)) == {link.slug for link in links}
    for link in links:
        page = client.get(reverse("business_environment:transport-link", args=[link.slug]))
        assert page.status_code == 200
        assert {
            html.unescape(title)
            for title in re.findall(r'sources__title"><a [^>]*>([^<]+)', page.content.decode())
        } == {source.title for source in link.citations()}
    assert [line.name for line in listed.context["map"].lines] == [
        "Taiyuan–Zhengzhou high-speed rail",
        "Changzhi–Zhengzhou high-speed rail",
        "Jining–Datong–Yuanping high-speed rail",
    ]
    assert listed.context["map"].without_line == 6

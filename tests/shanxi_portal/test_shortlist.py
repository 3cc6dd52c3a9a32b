import csv
import io
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from records.dates import PartialDate
from records.models import Aspect
from tests.factories import (
    make_aspect,
    make_city,
    make_industry,
    make_project,
    make_source,
    make_statement,
    make_zone,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/en/shortlist/"


def get(client, query=""):
    return client.get(f"{ADDRESS}?{query}")


def shown(response):
    return [(entry.parameter, entry.slug) for entry, _url in response.context["entries"]]


def test_records_stand_in_the_order_of_the_address(client):
    first, second, project = make_zone(), make_zone(), make_project()
    response = get(client, f"zone={second.slug}&project={project.slug}&zone={first.slug}")
    assert response.status_code == 200
    assert shown(response) == [("zone", second.slug), ("project", project.slug), ("zone", first.slug)]
    body = response.content.decode()
    assert body.index(second.name_en) < body.index(project.name_en) < body.index(first.name_en)


def test_cards_show_figures_with_date_and_source(client):
    source = make_source(publisher_en="Shanxi Daily")
    aspect = make_aspect(
        key="investment", unit="yuan", column="investment_yuan", group=Aspect.Group.INVESTMENT
    )
    project = make_project(investment_yuan=500_000_000, investment_basis="total")
    make_statement(
        project, aspect=aspect, number=Decimal(500_000_000), as_of=PartialDate("2021-03"), source=source
    )
    body = get(client, f"project={project.slug}").content.decode()
    assert "500 million yuan" in body
    assert "as of March 2021" in body
    assert f'<a href="/en/sources/{source.slug}/">Shanxi Daily</a>' in body


def test_each_record_has_a_link_that_takes_it_away(client):
    zone, project = make_zone(), make_project()
    response = get(client, f"zone={zone.slug}&project={project.slug}")
    assert [url for _entry, url in response.context["entries"]] == [
        f"{ADDRESS}?project={project.slug}",
        f"{ADDRESS}?zone={zone.slug}",
    ]
    body = response.content.decode()
    assert f'<a class="card__remove" href="{ADDRESS}?project={project.slug}" rel="nofollow">' in body


def test_address_to_send_is_whole_and_tidy(client):
    zone = make_zone()
    body = get(client, f"zone={zone.slug}&zone={zone.slug}&project=nowhere&zone=").content.decode()
    address = f"http://testserver{ADDRESS}?zone={zone.slug}"
    assert f'value="{address}" readonly' in body
    assert body.count('href="mailto:') == 1


def test_letter_has_the_address_and_no_recipient(client):
    zone, project = make_zone(), make_project()
    response = get(client, f"zone={zone.slug}&project={project.slug}")
    letter = urlsplit(response.context["mail_url"])
    assert (letter.scheme, letter.path) == ("mailto", "")
    assert parse_qs(letter.query)["body"] == [
        f"http://testserver{ADDRESS}?zone={zone.slug}&project={project.slug}"
    ]
    assert "+" not in letter.query


def test_address_to_send_stands_at_the_public_origin(client, settings):
    settings.SITE_URL = "https://invest.example"
    zone = make_zone()
    body = get(client, f"zone={zone.slug}").content.decode()
    assert f'value="https://invest.example{ADDRESS}?zone={zone.slug}"' in body


@pytest.mark.parametrize(("number", "offered"), [(1, False), (2, True), (5, True), (6, False)])
def test_two_to_five_zones_can_be_compared(client, number, offered):
    query = "&".join(f"zone={make_zone().slug}" for _ in range(number))
    response = get(client, f"project={make_project().slug}&{query}")
    assert response.context["compare_url"] == (f"/en/zones/compare/?{query}" if offered else "")
    assert ("Compare these zones" in response.content.decode()) is offered


def test_forms_add_a_record_and_keep_the_others(client):
    zone, project = make_zone(), make_project()
    other_zone, other_project = make_zone(), make_project(city=make_city())
    body = get(client, f"project={project.slug}&zone={zone.slug}").content.decode()
    kept = (
        f'<input type="hidden" name="project" value="{project.slug}">'
        f'<input type="hidden" name="zone" value="{zone.slug}">'
    )
    assert body.count(kept) == 2
    assert f'<option value="{other_zone.slug}">' in body
    assert f'<option value="{other_project.slug}">' in body
    assert f'<option value="{zone.slug}">' not in body
    assert f'<option value="{project.slug}">' not in body


def test_drafts_and_withdrawn_records_cannot_be_chosen(client):
    make_zone(state="draft", name_en="Secret Zone")
    make_project(state="draft", name_en="Secret Project")
    make_project(state="in-review", name_en="Secret Plan")
    make_project(state="withdrawn", name_en="Gone Project")
    body = get(client).content.decode()
    assert "Secret" not in body
    assert "Gone" not in body


def test_empty_list_says_how_to_begin(client):
    response = get(client)
    assert response.status_code == 200
    assert "Nothing is on the list yet" in response.content.decode()
    assert get(client, "zone=&project=").status_code == 200


# What is not there


@pytest.mark.parametrize("make", [make_zone, make_project])
@pytest.mark.parametrize("state", ["draft", "in-review"])
def test_unpublished_record_is_told_as_one_that_never_was(client, make, state):
    zone = make_zone()
    hidden = make(state=state, name_en="Secret Name", name_zh="秘密名称", summary_en="Secret summary")
    make_statement(hidden, aspect=make_aspect(kind=Aspect.Kind.TEXT), text_en="Secret text")
    parameter = hidden._meta.model_name
    body = get(client, f"{parameter}={hidden.slug}&zone={zone.slug}").content.decode()
    nobody = "x" * len(hidden.slug)
    unknown = get(client, f"{parameter}={nobody}&zone={zone.slug}").content.decode()
    assert f"“{hidden.slug}” was not found." in body
    assert body.replace(hidden.slug, nobody) == unknown
    assert "Secret" not in body
    assert "秘密" not in body


def test_project_in_a_draft_zone_does_not_name_it(client):
    project = make_project(zone=make_zone(state="draft", name_en="Secret Zone", name_zh="秘密开发区"))
    assert "Secret Zone" not in get(client, f"project={project.slug}").content.decode()


def test_zone_named_as_a_project_is_not_found(client):
    zone = make_zone()
    response = get(client, f"project={zone.slug}")
    assert response.status_code == 400
    assert f"<code>project</code> “{zone.slug}” was not found." in response.content.decode()


@pytest.mark.parametrize("make", [make_zone, make_project])
def test_withdrawn_record_is_shown_as_withdrawn_in_its_place(client, make):
    first, last = make_zone(), make_zone()
    gone = make(state="withdrawn", summary_en="Former summary")
    aspect = make_aspect(key="area" if make is make_zone else "investment", unit="km2")
    make_statement(gone, aspect=aspect, number=Decimal("12345"), source=make_source(publisher_en="Old Daily"))
    query = f"zone={first.slug}&{gone._meta.model_name}={gone.slug}&zone={last.slug}"
    response = get(client, query)
    body = response.content.decode()
    assert response.status_code == 200
    assert [slug for _parameter, slug in shown(response)] == [first.slug, gone.slug, last.slug]
    assert body.index(first.name_en) < body.index("Withdrawn on 6 March 2026") < body.index(last.name_en)
    assert "It was counted twice." in body
    assert "1 withdrawn" in body
    for former in ("Former summary", "12,345", "Old Daily"):
        assert former not in body


def test_withdrawn_record_is_told_in_the_language_of_the_page(client):
    gone = make_zone(state="withdrawn")
    body = client.get(f"/zh-hans/shortlist/?zone={gone.slug}").content.decode()
    assert "2026年3月6日" in body
    assert "重复计算。" in body


def test_record_named_twice_is_shown_once_and_told(client):
    project = make_project()
    response = get(client, f"project={project.slug}&project={project.slug}")
    assert shown(response) == [("project", project.slug)]
    assert "Named more than once, shown once" in response.content.decode()


def test_more_than_fifty_records_show_the_first_fifty_and_say_so(client):
    city, sector = make_city(), make_industry()
    zones = [make_zone(city=city) for _ in range(30)]
    projects = [make_project(sector=sector) for _ in range(21)]
    query = "&".join([*(f"zone={zone.slug}" for zone in zones), *(f"project={one.slug}" for one in projects)])
    response = get(client, query)
    assert response.status_code == 200
    assert len(shown(response)) == 50
    assert shown(response)[-1] == ("project", projects[19].slug)
    body = response.content.decode()
    assert "More than 50 are named; the first 50 are shown" in body
    assert projects[20].name_en in body
    assert "50 records are the most that one list holds." in body
    assert "<select" not in body


def test_unknown_parameter_is_named_and_refused(client):
    zone = make_zone()
    response = get(client, f"zone={zone.slug}&city=taiyuan")
    assert response.status_code == 400
    assert shown(response) == [("zone", zone.slug)]
    assert (
        "<code>city</code> There is no such parameter. There are: zone, project, find_zone, find_project."
        in response.content.decode()
    )


@pytest.mark.parametrize(
    "query",
    ["zone=nowhere", "project=%00", "zone=a%20b&project=大同", "zone=%F0%9F%90%88", f"zone={'x' * 3000}"],
)
def test_nothing_understood_is_refused(client, query):
    response = get(client, query)
    assert response.status_code == 400
    assert "was not found." in response.content.decode()


def test_page_reads_names_in_chinese_characters_as_they_were_typed(client):
    assert "“大同” was not found." in get(client, "zone=大同").content.decode()


def test_markup_in_the_address_is_harmless(client):
    body = get(client, "zone=%3Cscript%3Ealert(1)%3C/script%3E&%3Cb%3E=1").content.decode()
    assert "<script>alert" not in body
    assert "<code><b>" not in body


# The page


def test_language_switch_keeps_the_list(client):
    zone, project = make_zone(), make_project()
    body = get(client, f"project={project.slug}&zone={zone.slug}").content.decode()
    assert f'href="/zh-hans/shortlist/?project={project.slug}&amp;zone={zone.slug}"' in body


def test_page_is_public_not_indexed_and_canonical_without_its_query(client, settings):
    settings.PUBLIC_CACHE_SECONDS = 300
    response = get(client, f"zone={make_zone().slug}")
    body = response.content.decode()
    assert response["Cache-Control"] == "public, max-age=300"
    assert not response.cookies
    assert '<meta name="robots" content="noindex">' in body
    assert '<link rel="canonical" href="http://testserver/en/shortlist/">' in body
    assert "shortlist" not in client.get("/sitemap.xml").content.decode()


def test_project_list_and_page_lead_to_the_list(client):
    project = make_project()
    body = client.get("/en/projects/").content.decode()
    assert f'<input type="checkbox" name="project" value="{project.slug}" form="shortlist">' in body
    assert '<form class="tray" id="shortlist" action="/en/shortlist/" method="get">' in body
    assert (
        f'href="/en/shortlist/?project={project.slug}"'
        in client.get(f"/en/projects/{project.slug}/").content.decode()
    )


def test_cards_outside_of_the_lists_have_no_box_to_tick(client):
    zone = make_zone()
    assert 'type="checkbox"' not in client.get(f"/en/cities/{zone.city.slug}/").content.decode()


def test_list_costs_the_same_with_one_of_each_kind_and_with_three(client, django_assert_num_queries):
    pairs = []
    for _ in range(3):
        zone = make_zone(industries=[make_industry(), make_industry()])
        project = make_project(zone=zone, city=zone.city)
        make_statement(zone)
        make_statement(project)
        pairs += [f"zone={zone.slug}&project={project.slug}"]
    get(client, pairs[0])  # content types are remembered from here on
    # zones, their industries, their statements; projects, their statements; how many zones and projects
    # there are to choose from, and which
    for number in (1, 3):
        with django_assert_num_queries(9):
            assert len(shown(get(client, "&".join(pairs[:number])))) == 2 * number


# The file


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_file_has_both_kinds_with_the_key_figure_its_date_and_source(client):
    source = make_source(publisher_en="Shanxi Daily", title="Zones and projects")
    area = make_aspect(key="area", unit="km2", column="area_km2")
    investment = make_aspect(key="investment", unit="yuan", column="investment_yuan")
    zone = make_zone(area_km2=Decimal("239.4"), area_kind="planned", slug="a-zone", name_en="A", name_zh="甲")
    project = make_project(
        investment_yuan=10**8, investment_basis="phase", slug="b-project", name_en="B", name_zh="乙"
    )
    make_statement(zone, aspect=area, number=zone.area_km2, as_of=PartialDate("2020-09"), source=source)
    make_statement(project, aspect=investment, number=10**8, as_of=PartialDate("2021"), source=source)
    rows = rows_of(client.get("/en/shortlist.csv?project=b-project&zone=a-zone"))
    assert [list(row.values()) for row in rows] == [
        [
            *("Project", "b-project", "B", "乙", "", "Investment", "100 million yuan", "one phase", "2021"),
            *("Shanxi Daily: Zones and projects", "", "", "http://testserver/en/projects/b-project/"),
        ],
        [
            *("Development zone", "a-zone", "A", "甲", str(zone.city.name), "Area", "239.4 km²", "planned"),
            *("2020-09", "Shanxi Daily: Zones and projects", "", "", "http://testserver/en/zones/a-zone/"),
        ],
    ]


def test_file_has_of_a_withdrawn_record_the_day_and_the_reason_only(client):
    city = make_city(name_en="Former City")
    gone = make_zone(state="withdrawn", city=city, area_km2=5, area_kind="planned")
    make_statement(gone, aspect=make_aspect(key="area", unit="km2"), number=5)
    (row,) = rows_of(client.get(f"/en/shortlist.csv?zone={gone.slug}"))
    assert {name: value for name, value in row.items() if value} == {
        "Kind": "Development zone",
        "Address": gone.slug,
        "Name (English)": gone.name_en,
        "Name (Chinese)": gone.name_zh,
        "Withdrawn on": "2026-03-06",
        "Reason": "It was counted twice.",
        "Web address": f"http://testserver/en/zones/{gone.slug}/",
    }


@pytest.mark.parametrize("query", ["", "zone=nowhere", "city=taiyuan"])
def test_file_of_what_was_not_understood_is_refused(client, query):
    response = client.get(f"/en/shortlist.csv?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_file_does_not_leave_out_what_was_not_found(client):
    zone, hidden = make_zone(), make_project(state="draft", name_en="Secret Project")
    response = client.get(f"/en/shortlist.csv?zone={zone.slug}&project={hidden.slug}")
    assert response.status_code == 400
    assert response.content.decode().splitlines()[1:] == [f"project: “{hidden.slug}” was not found."]

"""The files of the lists of the business environment: the rows of the page, harmless, in both languages."""

import pytest

from tests import factories as make
from tests.listings.files import read, slugs_of_page

pytestmark = pytest.mark.django_db

# Under business-environment/: the column that names a row, and the name of the file.
FILES = {
    "approvals/ledger": ("Address", "approvals-ledger.csv"),
    "indicators": ("Key", "indicators.csv"),
    "policies": ("Address", "policies.csv"),
    "costs": ("Address", "costs.csv"),
    "transport": ("Address", "transport.csv"),
}
LISTS = {name: f"business-environment/{name}" for name in FILES}


MAKERS = {
    "approvals/ledger": make.make_procedure,
    # An indicator with a value of the same address.
    "indicators": lambda slug, **more: make.make_indicator(slug=slug, values=[{"slug": slug}], **more),
    "policies": make.make_policy,
    "costs": make.make_cost,
    "transport": make.make_transport_link,
}
TREES = ("Amber", "Beech", "Cedar", "Dogwood", "Elm", "Fir", "Gum")


@pytest.fixture
def many(name):
    """More than stand on one page."""
    for number in range(55):
        MAKERS[name](slug=f"row-{number:02d}", name_en=TREES[number % 7])
    MAKERS[name](slug="hidden", state="draft", name_en="Cedar")
    MAKERS[name](slug="gone", state="withdrawn", name_en="Cedar")


@pytest.mark.parametrize("query", ["", "?sort=name", "?q=cedar&sort=name", "?q=nothing"])
@pytest.mark.parametrize("name", LISTS)
def test_a_file_has_the_rows_of_the_page_in_its_order_without_paging(client, many, name, query):
    column, _filename = FILES[name]
    _headings, found = read(client, f"/en/{LISTS[name]}.csv{query}")
    assert [row[column] for row in found] == slugs_of_page(client, f"/en/{LISTS[name]}/{query}")
    assert len(found) == {"": 55, "?sort=name": 55, "?q=cedar&sort=name": 8, "?q=nothing": 0}[query]


@pytest.mark.parametrize("name", LISTS)
def test_the_page_links_to_the_file_of_its_own_rows(client, many, name):
    answer = client.get(f"/en/{LISTS[name]}/?q=e&sort=name&page=1")
    url = answer.context["listing"].export_url
    assert url == f"/en/{LISTS[name]}.csv?q=e&sort=name"
    assert f'href="{url.replace("&", "&amp;")}"' in answer.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_headings_are_in_the_language_of_the_address(client, name):
    MAKERS[name](slug="a")
    english, _rows = read(client, f"/en/{LISTS[name]}.csv")
    chinese, _rows = read(client, f"/zh-hans/{LISTS[name]}.csv")
    assert len(english) == len(chinese) == len(set(chinese))
    assert [heading for heading in chinese if heading.isascii()] == []
    assert [heading for heading in english if not heading.isascii()] == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "|", "%"])
@pytest.mark.parametrize("name", LISTS)
def test_what_a_spreadsheet_would_run_is_made_harmless(client, name, start):
    formula = f"{start}1+cmd('calc')"
    MAKERS[name](slug="a", name_en=formula, name_zh=formula)
    _headings, (row,) = read(client, f"/en/{LISTS[name]}.csv")
    harmless = "'" + formula.replace("|", "\\|")
    assert list(row.values()).count(harmless) == 2
    assert formula not in row.values()


@pytest.mark.parametrize("name", LISTS)
def test_cells_with_commas_quotes_and_lines_come_back_whole(client, name):
    text = 'A, "B"\nC; D，“乙”'
    MAKERS[name](slug="a", name_en=text)
    _headings, (row,) = read(client, f"/en/{LISTS[name]}.csv")
    assert list(row.values()).count(text) == 1


@pytest.mark.parametrize("name", LISTS)
def test_the_file_has_a_name_and_a_type(client, name):
    answer = client.get(f"/en/{LISTS[name]}.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{FILES[name][1]}"'


@pytest.mark.parametrize("name", LISTS)
def test_a_file_with_a_filter_that_is_not_understood_is_refused_by_name(client, name):
    answer = client.get(f"/en/{LISTS[name]}.csv?colour=red&sort=size&page=2")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert lines[0] == "Some filters were not understood."
    assert [line.partition(":")[0] for line in lines[1:]] == ["colour", "page", "sort"]


# 1 units or years or cities to choose from, as far as a list has them; then the rows and what they show.
QUERIES = {
    # procedures; their statements
    "approvals/ledger": 2,
    # values with indicator; their statements
    "indicators": 2,
    # policies; their cities; their zones; their statements
    "policies": 4,
    # costs; their cities; their statements
    "costs": 3,
    # links with their ends; their cities; their statements
    "transport": 3,
}


@pytest.mark.parametrize(("name", "number"), QUERIES.items())
def test_a_file_costs_the_same_queries_for_one_row_and_for_many(
    client, django_assert_num_queries, name, number
):
    MAKERS[name](slug="a")
    for slug in "bc":
        with django_assert_num_queries(number):
            read(client, f"/en/{LISTS[name]}.csv")
        MAKERS[name](slug=slug)

"""Fact sheets of projects, through the address that readers use."""

import pytest

from tests.factories import make_aspect, make_city, make_milestone, make_project, make_statement, make_zone
from tests.printed import text_of

pytestmark = pytest.mark.sqlite


def address(project, language="en"):
    return f"/{language}/projects/{project.slug}/fact-sheet/"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_sheet_says_what_is_known_and_what_is_not(client, can_print, db, language):
    money = make_aspect(key="investment", label_en="Investment", label_zh="投资额", unit="yuan")
    project = make_project(
        name_en="Cell works",
        name_zh="电池项目",
        city=make_city(name_en="Datong", name_zh="大同市"),
        investment_yuan=500_000_000,
        investment_basis="total",
    )
    make_statement(project, aspect=money, number=500_000_000)
    make_milestone(project, text_en="Signed in Taiyuan", text_zh="在太原签约")

    text = text_of(client.get(address(project, language)))

    assert "Cell works" in text
    assert "电池项目" in text
    assert {"en": "500 million yuan", "zh-hans": "5亿元"}[language] in text
    assert {"en": "Signed in Taiyuan", "zh-hans": "在太原签约"}[language] in text
    assert {"en": "not stated", "zh-hans": "未注明"}[language] in text
    assert {"en": "Datong", "zh-hans": "大同市"}[language] in text


def test_project_without_a_city_has_no_map(client, can_print, db):
    assert "Where it is" in text_of(client.get(address(make_project())))


def test_draft_zone_and_draft_relation_do_not_show(client, can_print, db):
    project = make_project(zone=make_zone(state="draft", name_en="Hidden zone"))
    project.related.add(make_project(state="draft", name_en="Hidden works"))
    assert "Hidden" not in text_of(client.get(address(project)))


def test_draft_has_no_sheet_and_a_withdrawn_one_says_why(client, db):
    assert client.get(address(make_project(state="draft"))).status_code == 404
    response = client.get(address(make_project(state="withdrawn")))
    assert response.status_code == 410
    assert b"It was counted twice." in response.content


def test_page_of_the_project_leads_to_it(client, db):
    project = make_project()
    assert f'href="{address(project)}"' in client.get(f"/en/projects/{project.slug}/").content.decode()

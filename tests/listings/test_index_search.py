"""The search page, suggestions and near spellings answer through an index what they answer without."""

import pytest

from listings import versions
from listings.index import building, memory
from listings.models import Index
from projects.models import Project
from tests import factories as make
from tests.listings.indexing import TABLE, build, is_used

pytestmark = pytest.mark.django_db(transaction=True)

TEXTS = ["steel", "steal", "钢铁", "钢鉄", "taiyuan", "taiyaun steel", "coking", "x", "steel nowhere", "长冶"]


@pytest.fixture(autouse=True)
def graceless(monkeypatch):
    """Old builds go at once."""
    monkeypatch.setattr(building, "GRACE", 0)


@pytest.fixture
def projects():
    taiyuan = make.make_city(name_en="Taiyuan", name_zh="太原")
    changzhi = make.make_city(name_en="Changzhi", name_zh="长治")
    # Of different days, so that their order does not depend on their keys.
    for day, (name, chinese, city) in enumerate(
        [
            ("Steel works", "钢铁厂", taiyuan),
            ("Coke for steel", "焦炭", changzhi),
            ("Steelyard", "秤", None),
            ("Coking plant", "焦化厂", taiyuan),
        ],
        1,
    ):
        make.make_project(name_en=name, name_zh=chinese, city=city, status_on=f"2024-03-{day:02d}")
    make.make_project(name_en="Steal of a draft", state="draft")


def answers(client):
    versions.forget()
    memory.forget()
    found = []
    for text in TEXTS:
        page = client.get("/en/search/", {"q": text})
        groups = [
            (group.label, group.count, [row.slug for row in group.rows]) for group in page.context["groups"]
        ]
        offered = [str(word) for word, _url in page.context["corrections"]]
        found.append((text, groups, offered, client.get("/en/search/suggest/", {"q": text}).content))
    return found


def test_with_and_without_an_index_the_same_is_found_and_offered(client, projects):
    plain = answers(client)
    assert not is_used()
    by_text = {text: (groups, offered) for text, groups, offered, _names in plain}
    assert [count for _label, count, _rows in by_text["steel"][0]] == [3]
    # The draft is no word to be meant.
    assert by_text["steal"] == ([], ["steel"])
    build()
    assert is_used()
    assert answers(client) == plain


def test_a_project_written_after_the_build_is_found(client, projects):
    build()
    make.make_project(name_en="Graphite electrode")
    assert Index.objects.get(table=TABLE).rows == Project.objects.published().count() - 1
    versions.forget()
    found = client.get("/en/search/", {"q": "graphites"}).context["groups"]
    assert [row.name_en for row in found[0].rows] == ["Graphite electrode"]

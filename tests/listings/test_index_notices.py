"""What staff are told of lists that are answered without their index, and what checks refuse."""

import pytest
from django import forms
from django.core.management import call_command
from django.db.models import F

from listings import versions
from listings.checks import check_lists
from listings.facets import RelatedFacet
from listings.filters import ListingFilter, Sort
from listings.index import layout, notices
from listings.models import Index, IndexPart
from projects.models import Project
from tests import factories as make
from zones.models import City


@pytest.fixture
def few(monkeypatch):
    """Two rows count as many."""
    monkeypatch.setattr(notices, "THRESHOLD", 2)


def shown(admin_client, path="/admin/"):
    page = admin_client.get(path)
    assert page.status_code == 200
    return [item for item in page.content.decode().split("<li") if 'class="warning"' in item]


@pytest.mark.django_db(transaction=True)
def test_the_first_page_of_staff_says_what_is_slow_and_why(admin_client, few):
    make.make_project()
    assert shown(admin_client) == []
    make.make_project()
    (notice,) = shown(admin_client)
    assert "The list and the search of 2 projects are correct but slow: it has no index." in notice
    call_command("build_index", all=True, no_progress=True)
    assert shown(admin_client) == []
    Index.objects.update(fingerprint="of other code")
    (notice,) = shown(admin_client)
    assert "its index was built by another version of the site" in notice


@pytest.mark.django_db(transaction=True)
def test_drafts_do_not_make_a_list_large(admin_client, few):
    make.make_project()
    make.make_project(state="draft")
    assert shown(admin_client) == []


@pytest.mark.django_db(transaction=True)
def test_the_notice_is_chinese_in_the_chinese_admin(admin_client, few):
    make.make_project()
    make.make_project()
    page = admin_client.get("/admin/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "项目共2条，列表和搜索结果正确，但速度较慢：尚未建立索引。" in page


def problems(monkeypatch, filterset):
    monkeypatch.setitem(layout._lists, Project, filterset)
    return [problem.msg for problem in check_lists(None) if problem.obj is filterset]


def test_a_list_that_no_index_can_hold_is_refused(monkeypatch):
    class Many(ListingFilter):
        cities = RelatedFacet("other_cities", City.objects.all, many=True, label="Also in")
        sorts = (Sort("city", "City", (F("city__order").asc(nulls_last=True),)),)

        class Meta:
            form = forms.Form

    Many.index_of = Project
    found = problems(monkeypatch, Many)
    assert found[0] == "Many.cities cannot be held as a column."
    assert "is not a column of the row itself" in found[1]
    assert len(found) == 2


def test_the_lists_of_the_site_are_held():
    assert check_lists(None) == []
    assert versions.SECONDS <= 1


@pytest.mark.django_db(transaction=True)
def test_an_index_without_one_of_its_parts_is_told(admin_client, few):
    make.make_project()
    make.make_project()
    call_command("build_index", all=True, no_progress=True)
    IndexPart.objects.filter(name="order name").delete()
    (notice,) = shown(admin_client)
    assert "correct but slow: a part of its index is missing." in notice

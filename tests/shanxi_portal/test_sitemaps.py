"""The sitemap of a site with more addresses than fit into one file."""

import re
from collections import Counter

import pytest

from projects.models import Project
from shanxi_portal.sitemaps import ADDRESSES
from tests import factories as make

pytestmark = pytest.mark.django_db


def addresses(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return re.findall(r"<loc>http://testserver([^<]+)</loc>", response.content.decode())


@pytest.fixture
def many():
    """As many public projects as need three files, and a draft among them."""
    sector = make.make_industry()
    Project.objects.bulk_create(
        Project(
            slug=f"project-{number}",
            name_en=f"Project {number}",
            sector=sector,
            status="signed",
            state="draft" if number == 7 else "published",
        )
        for number in range(ADDRESSES + 2)
    )


def test_the_files_together_name_every_public_record_once_in_each_language(client, many):
    files = addresses(client, "/sitemap.xml")
    of_projects = [f"/sitemap-project.xml{page}" for page in ("", "?p=2", "?p=3")]
    assert [file for file in files if file.startswith("/sitemap-project")] == of_projects
    named = Counter(address for file in files for address in addresses(client, file))
    expected = {
        f"/{language}/projects/project-{number}/"
        for number in range(ADDRESSES + 2)
        if number != 7
        for language in ("en", "zh-hans")
    }
    assert {address for address in named if "/project-" in address} == expected
    assert set(named.values()) == {1}
    assert "/en/" in named


def test_no_file_is_longer_than_said(client, many):
    for page in (1, 2):
        assert len(addresses(client, f"/sitemap-project.xml?p={page}")) == ADDRESSES
    assert len(addresses(client, "/sitemap-project.xml?p=3")) == 2


@pytest.mark.parametrize("file", ["project.xml?p=4", "project.xml?p=x", "project.xml?p=0", "nothing.xml"])
def test_a_file_that_is_not_there_is_404(client, many, file):
    assert client.get(f"/sitemap-{file}").status_code == 404


def test_a_small_site_has_one_file(client):
    make.make_project(slug="alone")
    assert "/en/projects/alone/" in addresses(client, "/sitemap.xml")

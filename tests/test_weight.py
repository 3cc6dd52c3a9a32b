"""What pages weigh on the wire, with the data that is shipped: for readers on a slow line.

`make test ARGS="tests/test_weight.py -s"` prints the figures.
"""

import gzip
import re
import sys
from urllib.parse import urljoin

import pytest
from django.test import Client

from tests.browser.pages import PERMIT_PATH
from tests.crawling import Page

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

FIRST_VISIT, NEXT_PAGE = 35_000, 15_000
COMPARED = "&".join(
    f"zone={slug}"
    for slug in ("shanxi-demo-zone", "datong-etdz", "jincheng-etdz", "changzhi-hidz", "xiaoyi-edz")
)

# Every kind of page; of records the fullest.
PAGES = (
    "",
    "zones/",
    "zones/?city=taiyuan",
    "zones/shanxi-demo-zone/",
    "zones/datong-etdz/",
    f"zones/compare/?{COMPARED}",
    f"shortlist/?{COMPARED}",
    "projects/",
    "projects/in-figures/",
    "projects/jinko-56gw-taiyuan/",
    "cities/",
    "cities/taiyuan/",
    "regions/",
    "regions/southeast/",
    "business-environment/",
    "business-environment/approvals/",
    "business-environment/approvals/ledger/",
    "business-environment/approvals/project-approval-or-filing/",
    "business-environment/permit-path/",
    f"business-environment/permit-path/?{PERMIT_PATH}&start=2026-02-10",
    "business-environment/indicators/",
    "business-environment/indicators/fai-growth/",
    "business-environment/policies/",
    "business-environment/policies/foreign-key-fields-2021/",
    "business-environment/costs/",
    "business-environment/costs/land-minimum-national/",
    "business-environment/transport/",
    "business-environment/transport/hsr-datong-yuanping/",
    "search/?q=datong",
    "sources/",
    "about/",
    "accessibility/",
    "no-such-page/",
)


def on_the_wire(content):
    """Bytes as gzip sends them; a browser that takes Brotli gets fewer."""
    return len(gzip.compress(content, 9))


class Weights:
    """Weighs pages, and each file that they load once."""

    def __init__(self):
        self.client = Client()
        self.files = {}

    def weigh(self, address):
        """(bytes of the page alone, bytes of the page and all that it loads)."""
        response = self.client.get(address)
        assert response.status_code in (200, 404), address
        html = on_the_wire(response.content)
        return html, html + sum(self.file(url) for url in self.loaded(Page(address, response)))

    def loaded(self, page):
        """Style sheets, scripts and pictures of a page, and the pictures of its style sheets.

        Style sheets for paper and for forced colours count: browsers fetch them too.
        """
        links = page.linked("stylesheet") + page.linked("icon") + page.linked("modulepreload")
        urls = {node.get("href") for node in links}
        urls |= {node.get("src") for node in page.find("script", "img") if node.get("src")}
        for url in sorted(urls):
            if url.endswith(".css"):
                urls |= {
                    urljoin(url, name) for name in re.findall(r'url\("?([^")]+)"?\)', self.read(url).decode())
                }
        return urls

    def read(self, url):
        response = self.client.get(url)
        assert response.status_code == 200, url
        return b"".join(response.streaming_content) if response.streaming else response.content

    def file(self, url):
        if url not in self.files:
            self.files[url] = on_the_wire(self.read(url))
        return self.files[url]


@pytest.fixture(scope="module")
def weights(shipped_data):
    return Weights()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.partition("?")[0] or "home")
def test_page_is_light(weights, language, path):
    html, everything = weights.weigh(f"/{language}/{path}")
    sys.stdout.write(f"{everything:6} first, {html:6} next  /{language}/{path[:60]}\n")
    assert html <= NEXT_PAGE
    assert everything <= FIRST_VISIT

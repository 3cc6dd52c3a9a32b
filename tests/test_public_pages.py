"""Every public page, found by its links and read as a browser reads it, with the data that is shipped."""

import re
from collections import Counter, defaultdict
from urllib.parse import urljoin, urlsplit

import polib
import pytest
from django.conf import settings
from django.test import Client

from records.models import Source
from tests.crawling import HOST, Page, Reader, crawl, internal
from tests.doubts import DOUBTED, saying, shows_a_doubted_number_alone

# Pages are made of the same rows on every database, and there are many.
pytestmark = [pytest.mark.slow, pytest.mark.sqlite]

CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
LATIN_WORD = r"[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ'’.&-]*"
LATIN_RUN = re.compile(rf"{LATIN_WORD}(?:[\s,]+{LATIN_WORD}){{2,}}")

# What stands in Chinese texts in its own letters: names without a Chinese form that we could vouch for,
# and words quoted from a source.
LATIN_NAMES = (
    "China Services Info",
    "China Sourcing News",
    "Doing Business in China For Dummies",
    "Green Building Africa",
    "Green Car Congress",
    "Huashuo New Energy Technology",
    "Mingzhu Nonferrous Metals",
    "Nanjing Dicastal Huashun Wheel",
    "Nengji Smart Technology",
    "Pingyao Luyuan Industry",
    "Shanxi Wiser Technology Institute",
    "Tai’an New Energy Technology",
    "Wuhan HydraV Fuel Cell Technologies Co Ltd",
    "Zhongjin Meicheng Ecological Science",
    "classification and codes of main economic function zones",
    "completed investment projects worth",
    "electronic information cluster",
)
# Where Chinese characters stand in English words, to say what can be typed.
CHINESE_EXAMPLES = ("Try “lithium”, “高新区” or a city",)

REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "popovertarget", "list", "for")
LOADING_ATTRIBUTES = ("src", "srcset", "poster", "data", "action", "formaction", "ping", "xlink:href")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LABELLED = ("input", "select", "textarea")


# What every page must keep. Each yields what is wrong with one page.


def answers(page):
    if page.status != 200:
        yield f"status {page.status}"


def parses_strictly(page):
    if page.parse_error:
        yield page.parse_error


def has_one_main_heading(page):
    headings = page.find("h1")
    if len(headings) != 1:
        yield f"{len(headings)} h1"


def has_headings_in_order(page):
    level = 0
    for node in page.find(*HEADINGS):
        if not node.text:
            yield f"empty {node.tag}"
        if int(node.tag[1]) > level + 1:
            yield f"h{level} is followed by {node.tag} “{node.text}”"
        level = int(node.tag[1])


def has_unique_ids(page):
    for name, count in Counter(page.ids).items():
        if count > 1 or not name or " " in name:
            yield f"id “{name}” {count} times"


def describes_itself(page):
    described = [node for node in page.find("meta") if node.get("name") == "description"]
    if len(described) != 1 or not described[0].get("content", "").strip():
        yield f"{len(described)} descriptions, or an empty one"
    if len(page.find("title")) != 1 or not page.title or page.title.startswith("–"):
        yield f"title “{page.title}”"


def tells_its_language(page):
    lang = page.find("html")[0].get("lang")
    if lang != page.language:
        yield f"lang {lang}"


def names_its_address_and_its_twin(page):
    path = page.path.removeprefix("/zh-hans").removeprefix("/en")
    twins = {
        "en": f"{HOST}/en{path}",
        "zh-Hans": f"{HOST}/zh-hans{path}",
        "x-default": f"{HOST}/en{path}",
    }
    if page.canonical != [twins[page.language]]:
        yield f"canonical {page.canonical}"
    if page.alternates != twins:
        yield f"alternates {page.alternates}"


def has_words_for_pictures(page):
    for node in page.find("img"):
        if node.get("alt") is None:
            yield f"img {node.get('src')} without alt"
    for node in page.find("svg"):
        if node.get("aria-hidden") != "true" and node.get("role") != "img":
            yield "svg that is neither hidden nor a picture with a name"


def has_labels(page):
    labels = {node.get("for"): node.text for node in page.find("label")}
    for node in page.find(*LABELLED):
        if node.get("type") in ("hidden", "submit"):
            continue
        words = node.get("aria-label") or labels.get(node.get("id"))
        if not words and not node.is_in("label"):
            yield f"{node.tag} {node.get('name')} without a label"


def has_names_for_links_and_buttons(page):
    for node in page.find("a", "button", "summary"):
        if not node.text and not node.get("aria-label"):
            yield f"{node.tag} {node.get('href', '')} without words"


def refers_to_what_is_there(page):
    ids = set(page.ids)
    for node in page.nodes:
        names = [name for name in REFERENCES if node.get(name)]
        for name in names:
            for target in node.get(name).split():
                if target not in ids:
                    yield f"{name}={target} leads nowhere"


def has_nothing_inline(page):
    for node in page.nodes:
        if node.tag == "style" or (node.tag == "script" and not node.get("src")):
            yield f"inline {node.tag}"
        for name, value in node.element.attrib.items():
            if name == "style" or name.startswith("on") or value.strip().lower().startswith("javascript:"):
                yield f"{node.tag} {name}={value}"


def loads_from_no_other_host(page):
    for node in page.nodes:
        values = [node.get(name) for name in LOADING_ATTRIBUTES]
        values += [node.get("href")] if node.tag == "link" else []
        for value in filter(None, values):
            if urlsplit(value).netloc and not value.startswith(f"{HOST}/"):
                yield f"{node.tag} loads {value}"


def speaks_english(page):
    if page.language == "en":
        for text, lang in page.spoken:
            text = text.replace(page.typed, "")  # The reader's own words come back unmarked.
            if CHINESE.search(text) and not lang.startswith("zh") and text not in CHINESE_EXAMPLES:
                yield f"Chinese outside of lang: “{' '.join(text.split())}”"


def speaks_chinese(page):
    if page.language == "zh-Hans":
        for text, lang in page.spoken:
            if lang.startswith("en"):
                continue
            for name in LATIN_NAMES:
                text = text.replace(name, "")
            for run in LATIN_RUN.findall(text):
                yield f"Latin words outside of lang: “{run}”"


def is_translated(page):
    if page.language == "zh-Hans":
        said = "\n".join(" ".join(text.split()) for text, lang in page.spoken if not lang.startswith("en"))
        for words in INTERFACE:
            if words in said:
                yield f"not translated: “{words}”"


RULES = (
    parses_strictly,
    has_one_main_heading,
    has_headings_in_order,
    has_unique_ids,
    describes_itself,
    tells_its_language,
    names_its_address_and_its_twin,
    has_words_for_pictures,
    has_labels,
    has_names_for_links_and_buttons,
    refers_to_what_is_there,
    has_nothing_inline,
    loads_from_no_other_host,
    speaks_english,
    speaks_chinese,
    is_translated,
    shows_a_doubted_number_alone,
)


def interface_texts():
    """The English interface in pieces of two words or more; what stands between them is filled in."""
    catalogue = polib.pofile(str(settings.BASE_DIR / "locale/zh_Hans/LC_MESSAGES/django.po"))
    texts = [text for entry in catalogue for text in (entry.msgid, entry.msgid_plural) if text]
    pieces = {" ".join(piece.split()) for text in texts for piece in re.split(r"%\(\w+\)[sd]", text)}
    return [piece for piece in pieces if len(re.findall(LATIN_WORD, piece)) > 1]


INTERFACE = interface_texts()


class Site:
    """What the crawl leaves behind: what was wrong, and what only shows between pages."""

    def __init__(self, client):
        self.pages = 0
        self.broken = defaultdict(list)
        self.status = {}
        self.titles = defaultdict(list)
        self.ids = {}
        self.fragments = set()
        self.external = defaultdict(set)
        self.loaded = set()
        self.names = set()
        self.doubted = set()
        for page in crawl(client):
            self.read(page)

    def read(self, page):
        self.status[page.address] = page.status
        self.broken[answers] += [(page.address, problem) for problem in answers(page)]
        if not page.is_html:
            return
        self.pages += 1
        for rule in RULES:
            self.broken[rule] += [(page.address, problem) for problem in rule(page)]
        if saying(page, DOUBTED):
            self.doubted.add(page.path)
        # A filtered list has the title of the list; a page of it has its own.
        if not page.query or re.fullmatch(r"page=\d+", page.query):
            self.titles[page.language, page.title].append(page.address)
        self.ids[page.address] = set(page.ids)
        if page.language == "zh-Hans":
            said = "\n".join(text for text, _lang in page.spoken)
            self.names |= {name for name in LATIN_NAMES if name in said}
        for url, fragment, node in page.links:
            self.note_link(page, url, fragment, node)
        for node in page.find("link", "script", "img"):
            if "canonical" not in node.rel and "alternate" not in node.rel:
                self.loaded.add(node.get("href") or node.get("src"))

    def note_link(self, page, url, fragment, node):
        target = internal(url)
        if url.startswith("mailto:?"):
            return  # A letter that has no address yet goes to no host.
        if not target:
            self.external[url].add((page.address, *sorted(node.rel)))
            return
        if fragment:
            self.fragments.add((page.address, target, fragment))


@pytest.fixture(scope="module")
def site(shipped_data):
    return Site(Reader())


def test_the_crawl_sees_the_whole_site_in_both_languages(site):
    assert site.pages >= 500
    for language in ("en", "zh-hans"):
        for role in ("zones", "projects", "sources", "cities"):
            assert sum(address.startswith(f"/{language}/{role}/") for address in site.status) > 10
    english = {address.removeprefix("/en") for address in site.status if address.startswith("/en/")}
    chinese = {address.removeprefix("/zh-hans") for address in site.status if address.startswith("/zh-hans/")}
    assert {path for path in english ^ chinese if "/search/" not in path} == set()


def test_every_link_answers(site):
    assert site.broken[answers] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_page(site, rule):
    assert site.broken[rule] == []


def test_the_doubted_number_was_seen_where_it_is_shown(site):
    shown = ("", "business-environment/", "business-environment/indicators/")
    shown += tuple(
        f"business-environment/indicators/{slug}/" for slug in ("fai-growth", "fai-growth-national")
    )
    assert site.doubted >= {f"/{language}/{path}" for language in ("en", "zh-hans") for path in shown}


def test_every_exception_for_latin_words_is_needed(site):
    assert site.names == set(LATIN_NAMES)


def test_english_pages_say_what_chinese_pages_are_searched_for(shipped_data):
    """Otherwise the search for what was left untranslated would find nothing because it looks for nothing."""
    page = Page("/en/about/", Client().get("/en/about/"))
    said = "\n".join(" ".join(text.split()) for text, _lang in page.spoken)

    assert len([words for words in INTERFACE if words in said]) > 10


def test_every_page_has_a_title_of_its_own(site):
    assert {title: pages for title, pages in site.titles.items() if len(pages) > 1} == {}


def test_every_fragment_is_there(site):
    missing = {
        (page, target, fragment)
        for page, target, fragment in site.fragments
        if fragment not in site.ids.get(target, ())
    }
    assert missing == set()


def test_every_file_that_pages_load_is_there(site, client):
    # What links name as the address of a record is a page, and was read.
    files = {internal(urljoin(HOST, name)) for name in site.loaded} - site.status.keys()
    assert files
    assert {path: client.get(path).status_code for path in files} == dict.fromkeys(files, 200)


def test_links_to_other_hosts_are_sources_that_may_be_linked(site):
    allowed = dict(Source.objects.published().filter(link_ok=True).values_list("url", "slug"))
    assert site.external
    for url, places in site.external.items():
        assert url in allowed
        assert places == {
            (f"/{language}/sources/{allowed[url]}/", "external", "noopener") for language in ("en", "zh-hans")
        }, url


def test_every_source_that_may_be_linked_is_linked(site):
    assert set(site.external) == set(
        Source.objects.published().filter(link_ok=True).values_list("url", flat=True)
    )

"""Reads public pages as a reader's browser would: parsed strictly, with the language of each text known.

`crawl()` follows every link of the site from the two home pages. Of the links that only filter or sort a list
(rel="nofollow") it takes those of a whole list, not those of one that is filtered already: they have no end.
Of those that differ in a value alone, such as the shortlists of one project each, it takes six.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from urllib.parse import parse_qs, urldefrag, urlencode, urljoin, urlsplit

import html5lib
from django.test.client import ClientHandler, RequestFactory
from html5lib.html5parser import ParseError

HOST = "http://testserver"
HOMES = ("/en/", "/zh-hans/")
# What a reader gets through a form and not through a link.
TYPED = tuple(
    f"{home}search/?{urlencode({'q': text})}" for home in HOMES for text in ("datong", "大同", "nowhere")
)

# `listings/test_robustness` shows that the rows and counts of all values of a facet are right.
SIX = 6

SPOKEN_ATTRIBUTES = ("alt", "aria-label", "placeholder", "title")
UNSEEN = {"script", "style", "template", "title", "head"}


@dataclass
class Node:
    """An element with what ElementTree does not keep: its parent and the language that holds in it."""

    element: object
    parent: "Node | None"
    lang: str
    children: list = field(default_factory=list)
    tag: str = ""  # Of a comment, none.

    def __post_init__(self):
        if isinstance(self.element.tag, str):
            self.tag = self.element.tag

    def get(self, name, default=None):
        return self.element.get(name, default)

    @property
    def rel(self):
        return set(self.get("rel", "").split())

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def is_in(self, tag):
        return self.parent is not None and (self.parent.tag == tag or self.parent.is_in(tag))

    def texts(self):
        """(text, lang) of every piece of text below, in order."""
        if self.tag in UNSEEN or not self.tag:
            return
        if self.element.text:
            yield self.element.text, self.lang
        for child in self.children:
            yield from child.texts()
            if child.element.tail:
                yield child.element.tail, self.lang

    @property
    def text(self):
        """All text below in one line, with what stands for pictures."""
        words = [text for text, _lang in self.texts()]
        words += [node.get("alt", "") for node in self.walk() if node.tag == "img"]
        return " ".join(" ".join(words).split())


def _nodes(element, parent=None, lang=""):
    node = Node(element, parent, element.get("lang", lang))
    node.children = [_nodes(child, node, node.lang) for child in element]
    return node


class Page:
    """One answer, parsed once."""

    def __init__(self, address, response):
        self.address = address
        self.path, _, self.query = address.partition("?")
        self.typed = parse_qs(self.query).get("q", ["\0"])[0]
        self.status = response.status_code
        self.is_html = response["Content-Type"].startswith("text/html")
        self.language = "zh-Hans" if address.startswith("/zh-hans/") else "en"
        self.parse_error = ""
        if not self.is_html:
            return
        content = response.content.decode()
        try:
            tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(content)
        except ParseError as error:
            self.parse_error = str(error) or "cannot be parsed"
            tree = html5lib.parse(content, namespaceHTMLElements=False)
        self.root = _nodes(tree)
        self.nodes = list(self.root.walk())

    @cached_property
    def by_tag(self):
        """tag -> (position in the page, node) of each."""
        found = defaultdict(list)
        for position, node in enumerate(self.nodes):
            found[node.tag].append((position, node))
        return found

    def find(self, *tags):
        found = [pair for tag in tags for pair in self.by_tag.get(tag, ())]
        return [node for _position, node in sorted(found, key=itemgetter(0))]

    @property
    def body(self):
        return self.find("body")[0]

    @cached_property
    def ids(self):
        return [node.get("id") for node in self.nodes if node.get("id") is not None]

    @cached_property
    def links(self):
        """(absolute address without fragment, fragment, node) of everything that can be followed."""
        return [
            (*urldefrag(urljoin(HOST + self.address, node.get("href"))), node)
            for node in self.find("a")
            if node.get("href") is not None
        ]

    @cached_property
    def title(self):
        titles = self.find("title")
        return " ".join((titles[0].element.text or "").split()) if titles else ""

    def linked(self, *relations):
        """The link elements of the head with all these relations."""
        return [node for node in self.find("link") if set(relations) <= node.rel]

    @cached_property
    def canonical(self):
        return [node.get("href") for node in self.linked("canonical")]

    @cached_property
    def alternates(self):
        return {node.get("hreflang"): node.get("href") for node in self.linked("alternate")}

    @cached_property
    def spoken(self):
        """(text, lang) of all that a reader sees or hears: text, and the attributes that are read out."""
        attributes = [
            (node.get(name), node.lang)
            for node in self.body.walk()
            for name in SPOKEN_ATTRIBUTES
            if node.get(name)
        ]
        return [*self.body.texts(), *attributes]


class Reader:
    """Asks for pages as `Client` does, without its copies of what every piece of a template was given.

    Those take a sixth of the time of a page, and who reads all pages reads what they say.
    """

    def __init__(self):
        self.requests, self.handler = RequestFactory(), ClientHandler()

    def get(self, address):
        response = self.handler(self.requests.get(address).environ)
        if response.streaming:
            # A file is read to its end, as every reader's is: until then it holds a place of few.
            response.streaming_content = list(response.streaming_content)
        return response


def internal(url):
    """The address of one of our own pages as the server sees it, or nothing."""
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" != HOST:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


class Alike:
    """The queries that were followed of addresses that differ in the values of the query alone."""

    def __init__(self):
        self.followed = defaultdict(set)

    def has_room_for(self, address):
        """Whether to follow one more; an address is followed in both languages or in none.

        All pages of a whole list are: without them its rows would not be found.
        """
        path, _, query = address.partition("?")
        names = tuple(sorted(parse_qs(query)))
        if names in ((), ("page",)):
            return True
        followed = self.followed[path.removeprefix("/en").removeprefix("/zh-hans"), names]
        if len(followed) < SIX:
            followed.add(query)
        return query in followed


def crawl(client):
    """Yield the pages that links lead to, each once."""
    waiting, alike = deque([*HOMES, *TYPED]), Alike()
    seen = set(waiting)
    while waiting:
        address = waiting.popleft()
        page = Page(address, client.get(address))
        yield page
        if not page.is_html or page.status != 200:
            continue
        for url, _fragment, node in page.links:
            target = internal(url)
            if not target or target in seen or ("nofollow" in node.rel and page.query):
                continue
            if node.get("type") == "application/pdf":
                continue  # Each fact sheet takes a second to make; they have tests of their own.
            if not alike.has_room_for(target):
                continue
            seen.add(target)
            waiting.append(target)

"""Matches in `<mark>`: whole words as they are written, and of Chinese what was asked for."""

import re
from html import unescape

import pytest
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from listings.text.marking import mark
from listings.text.query import parse
from records.languages import LocalizedText


@pytest.mark.parametrize(
    ("text", "asked", "marked"),
    [
        ("Steel and steels, Steelworks", "steel", "[Steel] and [steels], [Steelworks]"),
        ("Mining the mines", "mine", "[Mining] the [mines]"),
        ("Lüliang", "luliang", "[Lüliang]"),
        ("Lu\u0308liang!", "lüliang", "[Lu\u0308liang]!"),
        ("Ｓｔｅｅｌ ﬁne", "steel fine", "[Ｓｔｅｅｌ] [ﬁne]"),
        ("Xi’an zone’s", "xian zone", "[Xi’an] [zone’s]"),
        ("High-tech zone", "high-tech", "[High]-[tech] zone"),
        ("太原经济开发区", "开发区", "太原经济[开发区]"),
        ("太原经济開發區", "开发区", "太原经济[開發區]"),
        ("太原经济开发区", "经济 开发", "太原[经济开发]区"),
        ("开发商的发区", "开发区", "[开发]商的[发区]"),
        ("开发商在开发区", "开发区", "开发商在[开发区]"),
        ("高新区高", "高", "[高]新区[高]"),
        ("年产20万吨steel", "20 steel 万", "年产[20万]吨[steel]"),
        ("Nothing", "steel", "Nothing"),
        ("<b>steel</b> & 'so'", "steel so", "&lt;b&gt;[steel]&lt;/b&gt; &amp; &#x27;[so]&#x27;"),
        ("steel", "%", "steel"),
        ("", "steel", ""),
    ],
)
def test_what_matches_is_marked_in_the_letters_of_the_text(text, asked, marked):
    assert mark(text, parse(asked)).replace("<mark>", "[").replace("</mark>", "]") == marked


@settings(deadline=None, max_examples=300)
@given(
    st.text(max_size=60) | st.text("a太原區Aé<&> ’\u200b", max_size=60), st.text("a太原區Aé< 元", max_size=20)
)
def test_nothing_of_a_text_is_lost_and_nothing_runs(text, asked):
    html = mark(text, parse(asked))
    assert unescape(re.sub("</?mark>", "", html)) == unescape(unescape_free(text))
    assert re.sub("</?mark>", "", html).count("<") == 0


def unescape_free(text):
    """The text as one that has no entities in it."""
    return text.replace("&", "&amp;")


def test_the_filter_keeps_the_language_of_the_text():
    template = Template("{% load marked records %}{{ text|marked:query|in_language }}")
    name = LocalizedText("太原<开发区>", "zh-Hans")
    with override("en"):
        assert template.render(Context({"text": name, "query": parse("太原")})) == (
            '<span lang="zh-Hans"><mark>太原</mark>&lt;开发区&gt;</span>'
        )
        for query in (None, "", parse("%")):
            assert template.render(Context({"text": name, "query": query})) == (
                '<span lang="zh-Hans">太原&lt;开发区&gt;</span>'
            )
    with override("zh-hans"):
        assert template.render(Context({"text": name, "query": parse("太原")})) == (
            "<mark>太原</mark>&lt;开发区&gt;"
        )

"""Texts that are behind: marked by every change of one language, unmarked by the other, told to readers."""

import pytest
from django.test import Client
from django.utils import timezone, translation

from records import history
from records.models import StaleTranslation
from records.translations import Piece, differences_by_words, label_of, pairs
from tests import factories as make
from tests.records.staff import make_user, save
from zones.models import Park, Zone

pytestmark = pytest.mark.django_db


def change(record, row=None, by=None, **values):
    """Change a record, or a row of it, by the front door of history."""
    row = row or record
    with history.keeping(record, by=by, route="action"):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


def marks():
    """(row that holds the text, column that is behind, the other language as it was) of every mark."""
    found = StaleTranslation.objects.order_by("pk")
    return [(one.part_type.model, one.part_id, one.column, one.was) for one in found]


def make_zone(**overrides):
    return make.make_zone(summary_en="By the river.", summary_zh="河边。", **overrides)


def test_a_text_changed_in_one_language_leaves_the_other_behind():
    user, zone = make_user("editors"), make_zone()
    before = timezone.now()
    change(zone, by=user, summary_en="By the lake.")
    assert marks() == [("zone", zone.pk, "summary_zh", "By the river.")]
    mark = StaleTranslation.objects.get()
    assert (mark.record, mark.by, mark.language) == (zone, user, "zh-Hans")
    assert before <= mark.since <= timezone.now()


def test_more_of_the_same_change_keeps_what_was_in_step():
    zone = make_zone()
    change(zone, summary_en="By the lake.")
    change(zone, summary_en="By the sea.")
    assert marks() == [("zone", zone.pk, "summary_zh", "By the river.")]


@pytest.mark.parametrize(
    "values",
    [
        {"summary_zh": "湖边。"},
        {"summary_en": "By the sea.", "summary_zh": "海边。"},
        {"summary_en": "By  the river. "},
    ],
    ids=["the other one", "both", "taken back but for spaces"],
)
def test_a_text_comes_into_step_again(values):
    zone = make_zone()
    change(zone, summary_en="By the lake.")
    change(zone, **values)
    assert marks() == []


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        ({"summary_en": "By the river.", "summary_zh": ""}, {"summary_en": "By the lake."}),
        ({"summary_en": "", "summary_zh": "河边。"}, {"summary_en": "By the river."}),
        ({"summary_en": "By the river.", "summary_zh": "河边。"}, {"website": "https://zone.example/"}),
        ({"summary_en": "By the river.", "summary_zh": "河边。"}, {"summary_en": " By the\nriver."}),
    ],
    ids=["no translation", "a translation is added", "another field", "only spaces"],
)
def test_what_leaves_nothing_behind(texts, values):
    zone = make.make_zone(**texts)
    change(zone, **values)
    assert marks() == []


def test_texts_of_parts_and_statements_are_marked_on_their_record():
    zone = make_zone()
    park = make.make_park(zone, note_en="Small", note_zh="小")
    statement = make.make_statement(zone, note_en="Read twice", note_zh="读两遍")
    change(zone, park, note_zh="大")
    change(zone, statement, note_en="Read once")
    assert marks() == [
        ("park", park.pk, "note_en", "小"),
        ("statement", statement.pk, "note_zh", "Read twice"),
    ]
    assert StaleTranslation.objects.of(zone).count() == 2

    with history.keeping(zone, by=None, route="action"):
        park.delete()
    assert marks() == [("statement", statement.pk, "note_zh", "Read twice")]


def test_a_new_row_is_in_step_and_a_deleted_record_leaves_no_marks():
    zone = make_zone(state="draft")
    change(zone, summary_en="By the lake.")
    with history.keeping(zone, by=None, route="action"):
        Park.objects.create(zone=zone, name_en="Park", name_zh="园")
    assert len(marks()) == 1
    with history.keeping(zone, by=None, route="admin"):
        zone.delete()
    assert marks() == []


def test_a_text_changed_back_is_in_step_again():
    zone = make_zone()
    change(zone, summary_en="By the lake.")
    change(zone, summary_en="By the river.")
    assert marks() == []


def test_the_pairs_of_a_model_and_what_they_are_called():
    assert pairs(Park) == ["name", "note"]
    assert "withdrawn_reason" not in pairs(Zone)
    assert "origin_country" not in pairs(Zone)
    assert [label_of(Zone, name) for name in ("summary", "area_km2", "parks")] == [
        "summary",
        "area, km²",
        "parks",
    ]
    with translation.override("zh-hans"):
        assert label_of(Zone, "summary") == "简介" or "（" not in label_of(Zone, "summary")


def test_differences_are_by_words_and_in_chinese_by_characters():
    assert differences_by_words("By the river.", "By the old lake.") == [
        Piece("same", "By the "),
        Piece("gone", "river."),
        Piece("new", "old lake."),
    ]
    assert differences_by_words("在河边。", "在湖边。") == [
        Piece("same", "在"),
        Piece("gone", "河"),
        Piece("new", "湖"),
        Piece("same", "边。"),
    ]
    assert differences_by_words("", "New") == [Piece("new", "New")]


def test_saving_the_form_marks_and_the_form_shows_what_changed(client):
    client.force_login(make_user("publishers"))
    zone = make_zone()
    assert save(client, zone, summary_en="By the lake.", why="It moved.").status_code == 302
    assert marks() == [("zone", zone.pk, "summary_zh", "By the river.")]

    page = client.get(f"/admin/zones/zone/{zone.pk}/change/")
    html = page.content.decode()
    assert html.count('<div class="translation-behind">') == 1
    assert "The English text was changed on" in html
    assert "By the <del>river.</del><ins>lake.</ins>" in html


def test_the_form_of_a_record_in_step_shows_nothing(client):
    client.force_login(make_user("publishers"))
    html = client.get(f"/admin/zones/zone/{make_zone().pk}/change/").content.decode()
    assert "translation-behind" not in html


# What readers are told


def told(path, words):
    return Client().get(path).content.decode().count(words)


def test_readers_of_the_older_text_are_told_and_those_of_the_newer_are_not():
    zone = make_zone()
    change(zone, summary_zh="湖边。")
    StaleTranslation.objects.update(since="2027-03-03T04:00Z")
    words = "The Chinese text changed on 3 March 2027; this English is older."
    assert told(f"/en/zones/{zone.slug}/", words) == 1
    assert told(f"/zh-hans/zones/{zone.slug}/", "2027年3月3日") == 0


def test_the_chinese_reader_is_told_in_chinese_and_of_parts_by_name():
    zone = make_zone()
    statement = make.make_statement(zone, note_en="Read twice", note_zh="读两遍")
    change(zone, summary_en="By the lake.")
    change(zone, statement, note_en="Read once")
    StaleTranslation.objects.update(since="2027-03-03T04:00Z")
    assert told(f"/zh-hans/zones/{zone.slug}/", "2027年3月3日") == 2
    assert told(f"/en/zones/{zone.slug}/", "3 March 2027") == 0

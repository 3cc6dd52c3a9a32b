"""The shipped records as spreadsheets, there and back."""

import pytest
from django.utils import translation

from desk.exports import export_workbook
from desk.imports.checking import Check
from desk.imports.kinds import SHEETS
from desk.imports.reading import read_table
from tests.desk.spreadsheets import person


@pytest.fixture
def root(shipped_data):
    return person(None, is_superuser=True)


@pytest.mark.parametrize(("language", "other"), [("en", "zh-hans"), ("zh-hans", "en")])
@pytest.mark.parametrize("kind", [kind for kind, sheet in SHEETS.items() if sheet.is_imported])
def test_what_was_exported_in_one_language_is_read_in_the_other_without_a_change(root, kind, language, other):
    rows = SHEETS[kind].model._default_manager.all()
    if kind == "statements":
        rows = rows.filter(pk__in=rows.values_list("pk", flat=True)[:400])
    with translation.override(language):
        content = export_workbook(SHEETS[kind](root), rows).read()
    with translation.override(other):
        checked = Check(SHEETS[kind](root), read_table(content), root)
        assert checked.problems == []
        found = [one for some in checked.outcomes() for one in some]
    assert [one for one in found if one.result != "unchanged"] == []
    assert len(found) == rows.count() > 0

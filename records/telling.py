"""What the public is told of a change of a record, in plain words and both languages.

It is worked out once, when a version is kept, and stored with it: a page only prints it. Told is how what a
reader saw on the page differs from what is there now, and nothing that was only ever in a draft.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext, override

from records.comparing import child_relations, loadable, parent_link_of
from records.languages import LocalizedText, choose, mark_language
from records.models import Aspect, Source, State, Statement, carries_statements
from records.snapshots import LEFT_ALONE, Names, fill, without_common
from records.units import write_figure

# What orders rows, belongs to staff, or stands on the page with a date of its own.
UNTOLD = {
    *LEFT_ALONE,
    *("slug", "key", "order", "position", "home_order", "checked_on", "check_due_on"),
    *("name_en_translated", "name_zh_translated"),
}
LONG = 100  # Letters up to which a text is told; of a longer one, that it was revised.
MOST = 40  # Lines told of one version.


@dataclass(frozen=True)
class Told:
    """One line of what has changed, in the reader's language. `kind` says which sentence it makes."""

    kind: str
    label: LocalizedText | str = ""
    old: LocalizedText | str = ""
    new: LocalizedText | str = ""
    source: LocalizedText | str = ""

    @classmethod
    def read(cls, stored):
        """A line as a version has it stored."""
        words = {
            name: mark_language(choose(text["en"], text["zh"]))
            for name, text in stored.items()
            if name != "kind"
        }
        return cls(stored["kind"], **words)


def changes_told(model, before, after, last_public):
    """The lines to store with the version in which a record went from one snapshot to another; [] for none.

    `last_public` is a function: the snapshot of what the public last saw, empty if it never saw any.
    """
    old, new = (snapshot["fields"].get("state") if snapshot else None for snapshot in (before, after))
    if old is None or new is None:
        return []
    if old == new == State.PUBLISHED:
        return _lines(model, before, after)
    if new == State.PUBLISHED:
        seen = last_public()
        return [{"kind": "published-again"}, *_lines(model, seen, after)] if seen else [{"kind": "published"}]
    return [{"kind": "withdrawn"}] if old == State.PUBLISHED else []


def _lines(model, before, after):
    """Each line with its words in both languages."""
    telling = _Telling(before, after)
    with override("en"):
        english = list(telling.of_row(model, before, after, ""))
    with override("zh-hans"):
        chinese = list(telling.of_row(model, before, after, ""))
    lines = [
        {"kind": kind}
        | {name: {"en": words[name], "zh": other[name]} for name in words if words[name] or other[name]}
        for (kind, words), (_kind, other) in zip(english, chinese, strict=True)
    ]
    rest = len(lines) - MOST
    more = {"kind": "more", "new": {"en": str(rest), "zh": str(rest)}}
    return lines[:MOST] + ([more] if rest > 0 else [])


def _line(kind, label, old="", new="", source=""):
    words = {"label": capfirst(str(label)), "old": str(old), "new": str(new), "source": str(source)}
    return kind, words


class _Telling:
    """Goes through two snapshots of what was public, in the language that is active."""

    def __init__(self, before, after):
        self.old_names, self.new_names = Names(before), Names(after)
        rows = [row for tree in (before, after) for row in _statements(tree)]
        self.aspects = Aspect.objects.in_bulk({row["fields"]["aspect"] for row in rows})
        self.sources = Source.objects.in_bulk({row["fields"]["source"] for row in rows})

    def of_row(self, model, old, new, prefix):
        """The lines of one row: its figures, its other fields, and the rows that belong to it."""
        columns = set()
        if carries_statements(model):
            for aspect, lines in self._of_figures(model, old, new, prefix):
                columns.add(aspect.column)
                yield from lines
        source = self._first_source(new)
        for item in [*loadable(model), *model._meta.many_to_many]:
            part = "many" if item.many_to_many else "fields"
            known = item.name in old[part] and item.name in new[part]
            hidden = item.name in UNTOLD or item.name in getattr(model, "staff_fields", ())
            if (
                known
                and not hidden
                and item.name not in columns
                and old[part][item.name] != new[part][item.name]
            ):
                yield from self._of_field(item, old, new, prefix, source)
        for name in child_relations(model):
            if name != "statements" and name in old["children"] and name in new["children"]:
                yield from self._of_children(model, name, old, new)

    # Figures

    def _of_figures(self, model, old, new, prefix):
        """(aspect, its lines) of each aspect of which the sources do not say the same any more."""
        owners = [_instance(model, tree) for tree in (old, new)]
        before, after = (self._by_aspect(tree) for tree in (old, new))
        for aspect in sorted({**before, **after}, key=lambda one: (one.order, one.key)):
            label = _joined(prefix, aspect.label)
            lines = list(self._of_aspect(label, before.get(aspect, []), after.get(aspect, []), *owners))
            if lines:
                yield aspect, lines

    def _by_aspect(self, tree):
        found = {}
        for row in tree["children"].get("statements", []):
            statement = _instance(Statement, row)
            aspect = self.aspects.get(statement.aspect_id)
            if aspect is not None and statement.has_value:
                statement.aspect = aspect
                found.setdefault(aspect, []).append(statement)
        for rows in found.values():
            rows.sort(key=lambda one: (not one.adopted, one.position, one.pk))
        return found

    def _of_aspect(self, label, old, new, owner, new_owner):
        gone = [one for one in old if one.adopted and not _among(one, new, adopted=True)]
        come = [one for one in new if one.adopted and not _among(one, old, adopted=True)]
        if len(gone) == len(come) == 1:
            kind = "changed" if _is_short(*gone, *come) else "revised"
            words = [_words(owner, gone[0]), _words(new_owner, come[0])] if kind == "changed" else []
            yield _line(kind, label, *words, source=self._source(come[0]))
        else:
            for one in gone:
                yield _line("removed", label, old=_words(owner, one), source=self._source(one))
            for one in come:
                yield _line("added", label, new=_words(new_owner, one), source=self._source(one))
        yield from self._of_passports(label, old, new, new_owner)
        for one in old:
            if not one.adopted and not _among(one, new, source=True):
                yield _line("other-removed", label, old=_words(owner, one), source=self._source(one))
        for one in new:
            if not one.adopted and not _among(one, old, source=True):
                yield _line("other-added", label, new=_words(new_owner, one), source=self._source(one))

    def _of_passports(self, label, old, new, owner):
        """Of figures that stayed: another source, or other notes and doubts."""
        for one in new:
            before = _among(one, old, adopted=True) if one.adopted else None
            if before and before.source_id != one.source_id:
                yield _line("sourced", label, new=_words(owner, one), source=self._source(one))
            if before and _remarks(before) != _remarks(one):
                yield _line("annotated", label, new=_words(owner, one))

    def _source(self, statement):
        return self.sources.get(statement.source_id) or self.old_names.of(Source, statement.source_id)

    def _first_source(self, tree):
        """What a part of a record is borne out by as a whole."""
        keys = [row["fields"]["source"] for row in tree["children"].get("statements", [])]
        return self.sources.get(keys[0], "") if keys and "state" not in tree["fields"] else ""

    # Other fields

    def _of_field(self, item, old, new, prefix, source):
        if item.is_relation and not item.many_to_many and not self._may_name(item, old, new):
            return
        label = _joined(prefix, item.verbose_name)
        before, after = self._say(item, old, self.old_names), self._say(item, new, self.new_names)
        if item.many_to_many and self._public_keys(item, old) == self._public_keys(item, new):
            return
        if not _has_value(item, old):
            yield _line("added", label, new=Truncator(after).chars(LONG), source=source)
        elif not _has_value(item, new):
            yield _line("removed", label, old=Truncator(before).chars(LONG))
        elif _length(item, old) > LONG or _length(item, new) > LONG:
            yield _line("revised", label, source=source)
        else:
            yield _line("changed", label, before, after, source=source)

    def _may_name(self, item, *trees):
        """Whether all rows that a field refers to may be named to the public."""
        keys = [tree["fields"][item.name] for tree in trees]
        return all(key is None or self._is_public(item.related_model, key) for key in keys)

    def _public_keys(self, item, tree):
        return [key for key in tree["many"][item.name] if self._is_public(item.related_model, key)]

    def _is_public(self, model, key):
        return self.old_names.is_public(model, key) or self.new_names.is_public(model, key)

    def _say(self, item, tree, names):
        if item.many_to_many:
            return names.say(item, self._public_keys(item, tree))
        fields = tree["fields"]
        value, unit = fields[item.name], fields.get(item.name.removesuffix("number") + "unit")
        if item.name.endswith("number") and unit and value is not None:
            hedge = fields.get("approximation", "") if item.name == "number" else ""
            return write_figure(Decimal(value), unit, approximation=hedge)
        return names.say(item, value)

    # Parts

    def _of_children(self, parent, name, old, new):
        model, link = parent._meta.get_field(name).related_model, parent_link_of(parent, name)
        before, after = without_common(old["children"][name], new["children"][name])
        for one, other in _pairs(model, before, after, self.old_names, self.new_names, link):
            links = [item for item in loadable(model) if item.is_relation and item.name != link]
            rows = [row for row in (one, other) if row]
            if not all(self._may_name(item, *rows) for item in links):
                continue
            if other is None:
                yield _line("row-removed", self.old_names.title(model, one, link))
            elif one is None:
                source = self._first_source(other)
                yield _line("row-added", self.new_names.title(model, other, link), source=source)
            elif one != other:
                yield from self.of_row(model, one, other, self.new_names.title(model, other, link))


def _pairs(model, before, after, old_names, new_names, link):
    """(old row, new row) of those with one key, or one name; None for what is missing on one side."""
    with override("en"):
        titles = {row["pk"]: old_names.title(model, row, link) for row in before}
        rest = {row["pk"]: (row, new_names.title(model, row, link)) for row in after}
    for row in before:
        keys = [row["pk"]] if row["pk"] in rest else []
        taken = {one["pk"] for one in before}
        keys += [
            key for key, (_row, title) in rest.items() if title == titles[row["pk"]] and key not in taken
        ]
        yield row, rest.pop(keys[0])[0] if keys else None
    for row, _title in rest.values():
        yield None, row


def _statements(tree):
    for name, rows in tree["children"].items():
        for row in rows:
            if name == "statements":
                yield row
            yield from _statements(row)


def _instance(model, tree):
    instance = model(pk=tree["pk"])
    fill(instance, tree["fields"])
    return instance


def _stated(statement):
    texts = (statement.text_en, statement.text_zh, statement.part_en, statement.part_zh)
    return (*_bare(statement), *texts, statement.as_of)


def _bare(statement):
    return statement.number, statement.number_max, statement.date, statement.choice, statement.approximation


def _remarks(statement):
    names = ("note_en", "note_zh", "doubt_en", "doubt_zh", "as_of_note_en", "as_of_note_zh")
    return tuple(getattr(statement, name) for name in names)


def _among(statement, others, *, adopted=False, source=False):
    """The first of the others that states the same; among the adopted ones, or those of the same source."""
    for other in others:
        fits = (other.adopted or not adopted) and (not source or other.source_id == statement.source_id)
        if fits and _stated(other) == _stated(statement):
            return other
    return None


def _is_short(old, new):
    """Whether both values can be told: texts only if they are short and differ in both languages."""
    if any(_bare(old)) or any(_bare(new)):
        return True
    texts = (old.text_en, old.text_zh, new.text_en, new.text_zh)
    differ = old.as_of != new.as_of or (old.text_en != new.text_en and old.text_zh != new.text_zh)
    return differ and all(len(text) <= LONG for text in texts)


def _words(owner, statement):
    """The value of a statement with the date it holds for."""
    value = Truncator(owner.write(statement)).chars(LONG)
    words = {"value": value, "date": statement.as_of}
    return gettext("%(value)s (%(date)s)") % words if statement.as_of else value


def _has_value(item, tree):
    value = tree["many" if item.many_to_many else "fields"][item.name]
    return value not in (None, "", [])


def _length(item, tree):
    value = tree["many" if item.many_to_many else "fields"][item.name]
    return len(value) if isinstance(value, str) else 0


def _joined(prefix, label):
    return gettext("%(label)s: %(text)s") % {"label": prefix, "text": label} if prefix else str(label)

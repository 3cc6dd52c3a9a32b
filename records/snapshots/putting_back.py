"""Makes a record what a snapshot says, all of it or nothing."""

import copy

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

from records.comparing import child_relations, loadable, parent_link_of
from records.models import Statement
from records.snapshots.differing import Names
from records.snapshots.taking import AT_ONCE, fill, taken

# Moved by the actions of the staff pages only.
LEFT_ALONE = ("state", "withdrawn_on", "withdrawn_reason_en", "withdrawn_reason_zh")


def put_back(record, snapshot, *, by=None):
    """Make a record what a snapshot of it says: fields, many-to-many values, child rows and statements.

    Rows keep their keys, and those that were deleted since get theirs again, unless another row has it now;
    keys below zero always become new ones. The state of a record stays as it is. `by` is who has changed it;
    without it that stays as well. A field that the snapshot does not know, as the model had none then, stays.

    Raises ValidationError with all that speaks against it, naming row and field; then nothing is written.
    What the snapshot refers to and is gone is named too.
    """
    if not snapshot or snapshot["model"] != record._meta.label_lower or snapshot["pk"] != record.pk:
        raise ValidationError(_("This is no version of this record."))
    with transaction.atomic():
        work = _PuttingBack(type(record)._base_manager.select_for_update().get(pk=record.pk), snapshot)
        work.run(by)
    record.refresh_from_db()
    record.__dict__.pop("_statements", None)


class _PuttingBack:
    """One record on its way back: what it is now, what it shall be, and what speaks against it."""

    def __init__(self, record, snapshot):
        self.record, self.snapshot = record, copy.deepcopy(snapshot)
        self.names = Names(snapshot)
        self.now = taken(record)
        self.problems, self.written, self.known = [], [], {}

    def run(self, by):
        self._refuse_if_gone(type(self.record), self.snapshot)
        self._stop_at_problems()
        self._remove(type(self.record), self.now, self.snapshot)
        self._free_places(type(self.record), self.now)
        self._write_record(by)
        for row, title in self.written:
            self._check(row.clean, title)
        self._stop_at_problems()

    def _stop_at_problems(self):
        if self.problems:
            raise ValidationError(list(dict.fromkeys(self.problems)))

    # What it refers to

    def _refuse_if_gone(self, model, tree):
        for item in loadable(model):
            key = tree["fields"].get(item.name) if item.is_relation else None
            if key is not None and key not in self._present(item.related_model, [key]):
                if item.remote_field.on_delete is models.SET_NULL:
                    tree["fields"][item.name] = None
                else:
                    self._gone(item, key)
        for item in model._meta.many_to_many:
            keys = tree["many"].get(item.name, [])
            present = self._present(item.related_model, keys) if keys else keys
            for key in keys:
                if key not in present:
                    self._gone(item, key)
        for name, rows in tree["children"].items():
            for row in rows:
                self._refuse_if_gone(model._meta.get_field(name).related_model, row)

    def _present(self, model, keys):
        known = self.known.setdefault(model, {})
        unknown = [key for key in keys if key not in known]
        if unknown:
            found = set(model._base_manager.filter(pk__in=unknown).values_list("pk", flat=True))
            known.update({key: key in found for key in unknown})
        return {key for key in keys if known[key]}

    def _gone(self, item, key):
        words = {"field": capfirst(str(item.verbose_name)), "name": self.names.of(item.related_model, key)}
        self.problems.append(_("%(field)s: “%(name)s” is not there any more.") % words)

    # What goes, and what makes room

    def _remove(self, model, now, wanted):
        """Delete the rows that the snapshot does not have."""
        for name in child_relations(model):
            if name not in wanted["children"]:
                continue
            child = model._meta.get_field(name).related_model
            kept = {row["pk"]: row for row in wanted["children"][name]}
            surplus = [row["pk"] for row in now["children"][name] if row["pk"] not in kept]
            if surplus:
                self._delete(child, surplus)
            for row in now["children"][name]:
                if row["pk"] in kept:
                    self._remove(child, row, kept[row["pk"]])

    def _delete(self, model, keys):
        try:
            # Its own manager may protect its rows, which the base manager does not know.
            model._default_manager.filter(pk__in=keys).delete()
        except (models.ProtectedError, models.RestrictedError) as error:
            held = get_text_list([str(row) for row in list(error.args[1])[:3]], _("and"))
            kind = capfirst(str(model._meta.verbose_name))
            self.problems.append(
                _("%(kind)s: it cannot be removed, as %(rows)s refers to it.") % {"kind": kind, "rows": held}
            )
            self._stop_at_problems()

    def _free_places(self, model, now):
        """Adopt none of its statements for now: whatever the order, none meets the one it replaces."""
        keys = list(_statement_keys(now))
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            Statement.objects.filter(pk__in=some, adopted=True).update(adopted=False)

    # What is written

    def _write_record(self, by):
        model, record = type(self.record), self.record
        fields = {name: value for name, value in self.snapshot["fields"].items() if name not in LEFT_ALONE}
        fill(record, fields)
        if by is not None and hasattr(record, "changed_by_id"):
            record.changed_by = by
        self._save(record, "")
        self._write_rows(model, record, self.snapshot, self.now)

    def _write_rows(self, model, parent, wanted, now):
        """Many-to-many values and child rows of one row that is written."""
        for item in model._meta.many_to_many:
            if item.name in wanted["many"] and wanted["many"][item.name] != now["many"].get(item.name):
                getattr(parent, item.name).set(wanted["many"][item.name])
        for name in child_relations(model):
            child, link = model._meta.get_field(name).related_model, parent_link_of(model, name)
            before = {row["pk"]: row for row in now["children"].get(name, [])}
            for row in wanted["children"].get(name, []):
                self._write_row(child, link, parent, row, before.get(row["pk"]))

    def _write_row(self, model, link, parent, row, before):
        title = self.names.title(model, row, link)
        freed = model is Statement and row["fields"].get("adopted")
        if before is None:
            instance = model(pk=self._key(model, row["pk"]))
        elif before["fields"] == row["fields"] and not freed:
            # Parts that are as they were are not written, but parts of theirs may be.
            instance = model(pk=row["pk"])
            instance._state.adding = False
            return self._write_rows(model, instance, row, before)
        else:
            instance = model._base_manager.get(pk=row["pk"])
        if link is None:
            instance.record = parent
        else:
            setattr(instance, link, parent)
        fill(instance, row["fields"])
        if self._save(instance, title):
            self._write_rows(model, instance, row, before or {"many": {}, "children": {}})
        return None

    def _key(self, model, key):
        """The key of a row that is made anew: its old one, unless it never had one or another row has it."""
        return None if key < 0 or model._base_manager.filter(pk=key).exists() else key

    def _save(self, instance, title):
        """Save a row unless it breaks a rule by itself; whether it was saved."""
        before = len(self.problems)
        for check in (instance.clean_fields, instance.validate_unique, instance.validate_constraints):
            self._check(check, title)
        if len(self.problems) > before:
            return False
        instance.save()
        self.written.append((instance, title))
        return True

    def _check(self, check, title):
        try:
            check()
        except ValidationError as error:
            texts = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
            model = type(check.__self__)
            for name, messages in texts.items():
                field = None if name == NON_FIELD_ERRORS else model._meta.get_field(name)
                where = [title, capfirst(str(field.verbose_name)) if field else ""]
                self.problems += [": ".join(filter(None, [*where, message])) for message in messages]


def _statement_keys(tree):
    for name, rows in tree["children"].items():
        for row in rows:
            if name == "statements":
                yield row["pk"]
            yield from _statement_keys(row)

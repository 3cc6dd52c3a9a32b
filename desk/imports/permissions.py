"""What one member of staff may import: right and territory, asked for many rows at once."""

from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from desk.imports.cells import as_text
from records.models import PendingChange, Record, State
from records.territories import holds, of, refusals, within


class Permissions:
    """Who imports what. `learn` asks for a slice of rows; the other questions then cost no query."""

    def __init__(self, sheet, user):
        self.sheet, self.user = sheet, user
        self._held = {}
        self._rights = {}
        self._open = {}  # {model: keys of the records of which a change of theirs is open}

    def has(self, action, model):
        """Whether the user has a right (add, change, publish) on a model at all."""
        if (action, model) not in self._rights:
            codename = get_permission_codename(action, model._meta)
            self._rights[action, model] = self.user.has_perm(f"{model._meta.app_label}.{codename}")
        return self._rights[action, model]

    def may_publish(self, record):
        """Whether a change of a public record goes live at once."""
        return self.has("publish", type(record)) and self._holds(record)

    def learn(self, records):
        """Ask which of these records are held, in one query for each kind."""
        if of(self.user).everywhere:
            return
        for model in {type(record) for record in records}:
            keys = {record.pk for record in records if type(record) is model}
            held = set(
                within(model._default_manager.filter(pk__in=keys), self.user).values_list("pk", flat=True)
            )
            self._held |= {(model, key): key in held for key in keys}

    def objections(self, instance, row):
        """{column name: [words]} against touching what a row is about, whatever it says of that."""
        model, is_new = self.sheet.model, instance.pk is None
        if not self.has("add" if is_new else "change", model):
            text = _("You may not add %(kind)s.") if is_new else _("You may not change %(kind)s.")
            return {self.sheet.key_column: [text % {"kind": model._meta.verbose_name_plural}]}
        record = None if is_new else self.sheet.record_of(instance)
        return {} if record is None or self._holds(record) else self._outside(row)

    def _outside(self, row):
        """In the words of the file: how a draft of somebody else is called is not told."""
        text = _("“%(key)s” does not lie in your territory.")
        key = as_text(row.get(self.sheet.key_column)) or as_text(row.get("id"))
        return {self.sheet.key_column: [text % {"key": key}]}

    def objections_to_move(self, instance, row):
        """Words against moving a record out of the territory or into it; asked before it is filled."""
        if instance.pk is None or not isinstance(instance, Record) or of(self.user).everywhere:
            return {}
        values = {}
        for name in instance.territory_fields:
            if name in row:
                try:
                    values[name] = self.sheet.columns[name].clean(row)
                except ValueError:
                    return {}
        return {name: [words] for name, words in refusals(instance, self.user, values).items()}

    def objections_to_names(self, instance, changed):
        """Words against renaming a withdrawn record: the public goes on reading how it was called."""
        if not isinstance(instance, Record) or instance.state != State.WITHDRAWN:
            return {}
        if self.may_publish(instance):
            return {}
        text = _("It is withdrawn, and the public still sees this name. Only a publisher changes it.")
        return {name: [text] for name in ("name_en", "name_zh") if name in changed}

    def objections_to_filled(self, instance, many, row):
        """Words against what a row makes of its instance: where a new one would lie, what waits already."""
        if instance.pk is None and isinstance(instance, Record):
            return {name: [words] for name, words in refusals(instance, self.user, many).items()}
        record = self.sheet.record_of(instance)
        if record is None:
            return {self.sheet.key_column: [_("This is kept on its own page, not by import.")]}
        return self._begun(record) if self._holds(record) else self._outside(row)

    def _begun(self, record):
        """Words against a second change of a record while one waits: it would write over the first."""
        if record.state != State.PUBLISHED or self.may_publish(record):
            return {}
        model = type(record)
        if model not in self._open:
            kind = ContentType.objects.get_for_model(model)
            mine = PendingChange.objects.open().filter(content_type=kind, author=self.user)
            self._open[model] = set(mine.values_list("object_id", flat=True))
        if record.pk not in self._open[model]:
            return {}
        text = _("You have an open change of %(record)s already. Have it decided or give it up first.")
        return {self.sheet.key_column: [text % {"record": record}]}

    def _holds(self, record):
        key = (type(record), record.pk)
        if key not in self._held:
            self._held[key] = holds(record, self.user)
        return self._held[key]

"""The rows that cells may name, fetched for many cells at once."""

from django.utils.translation import gettext as _

from desk.imports.cells import folded

# Lists of at most some hundreds of rows: held whole, and found by their names as well as by their keys.
HELD_WHOLE = {"city", "industry", "aspect"}
NAMES = ("name_en", "name_zh", "label_en", "label_zh")


class KnownRows:
    """Rows of one model by their key. `rows` are those that whoever imports may name.

    `learn` fetches what a slice of the file names, in one query; `named` then asks the database for nothing.
    """

    def __init__(self, model, rows=None):
        self.model = model
        self.rows = model._default_manager.all() if rows is None else rows
        fields = {field.name for field in model._meta.fields}
        self.key = "key" if "key" in fields else "slug"
        self._names = [name for name in NAMES if name in fields]
        self._found = None if model._meta.model_name in HELD_WHOLE else {}

    def learn(self, keys):
        """Fetch the rows of these keys that are not known yet."""
        if self._found is None:
            self._learn_all()
        if self.model._meta.model_name in HELD_WHOLE:
            return
        missing = {key for key in keys if key and folded(key) not in self._found}
        if missing:
            folded_keys = {folded(key) for key in missing}
            self._found |= dict.fromkeys(folded_keys)
            for row in self.rows.filter(**{f"{self.key}__in": missing | folded_keys}):
                self._found[folded(self.key_of(row))] = row

    def forget(self):
        """Rows may have been changed since."""
        self._found = None if self.model._meta.model_name in HELD_WHOLE else {}

    def _learn_all(self):
        self._found, by_name, shared = {}, {}, set()
        for row in self.rows:
            for name in {folded(getattr(row, name)) for name in self._names} - {""}:
                if by_name.setdefault(name, row) is not row:
                    shared.add(name)
            self._found[folded(self.key_of(row))] = row
        self._found = {name: row for name, row in by_name.items() if name not in shared} | self._found

    def key_of(self, row):
        return getattr(row, self.key)

    def named(self, text):
        """The row that a text names; None for an empty one. Raises ValueError where there is none."""
        if not text:
            return None
        if self._found is None or folded(text) not in self._found:
            self.learn([text])
        row = self._found.get(folded(text))
        if row is None:
            raise ValueError(
                _("There is no %(kind)s “%(key)s”.") % {"kind": self.model._meta.verbose_name, "key": text}
            )
        return row

"""Which texts of a record are searched, which of them belong together, and how good a match is.

A record is searched in parts: its name, its summary, the rest of its own texts, and one part for each row
that it points to (its city, its sector). A term has to occur within one part.
"""

from dataclasses import dataclass, field

from listings.text.pinyin import place_tokens
from listings.text.tokens import tokens

NAME, SUMMARY, REST = 0, 1, 2

_NAMES = ("name", "other_names", "other_spellings", "title")
CHUNK = 2_000


@dataclass(frozen=True)
class Texts:
    """The texts of one part: columns that are searched as they stand, and Chinese names of places in them or
    elsewhere in the row, which are found by their pinyin."""

    fields: tuple
    places: tuple = ()

    def tokens(self, row):
        """The tokens of one row, a mapping of its columns to texts or None."""
        found = tokens(*[row[name] for name in self.fields])
        return found | self.place_tokens(row) if self.places else found

    def place_tokens(self, row):
        """The pinyin of the places alone."""
        return set().union(*(place_tokens(row[name]) for name in self.places if row[name]))


@dataclass(frozen=True)
class Parts:
    """The parts of a kind of record: `own` are its texts by NAME, SUMMARY and REST, as far as it has any;
    `related` are those of the rows it points to, by the path to them, each of them one part (REST)."""

    own: dict
    related: dict = field(default_factory=dict)

    @property
    def columns(self):
        """The columns of the row itself that have to be read, each once."""
        return tuple(
            dict.fromkeys(name for texts in self.own.values() for name in (*texts.fields, *texts.places))
        )

    @property
    def empty(self):
        """The tokens of a row without any."""
        return {part: set() for part in self.own}

    def tokens(self, row):
        """part -> tokens of one row, a mapping of its columns to texts or None; of its own texts alone."""
        return {part: texts.tokens(row) for part, texts in self.own.items()}

    def place_tokens(self, row):
        """Those that stand in no text, since they are the pinyin of places."""
        return set().union(*(texts.place_tokens(row) for texts in self.own.values()))


def parts_of(model, fields=None):
    """The parts of a model by its `search_fields`, or by the fields given.

    A model, and those it points to, may name `place_fields`: columns with Chinese names of places. Where all
    fields are of one related row (an indicator’s, for its values), they are as good as the record’s own.
    """
    by_relation = {}
    for path in fields or model.search_fields:
        by_relation.setdefault(path.rpartition("__")[0], []).append(path)
    if len(by_relation) == 1:
        ((relation, paths),) = by_relation.items()
        return Parts(_by_part(paths, _places(model, relation)))
    related = {
        relation: Parts({REST: Texts(_columns(paths), _places(_related_model(model, relation)))})
        for relation, paths in by_relation.items()
        if relation
    }
    return Parts(_by_part(by_relation.get("", ()), _places(model)), related)


def read_parts(parts, rows):
    """(primary key, part -> tokens) of each row of a query set, in its order; of its own texts alone."""
    columns = parts.columns
    for pk, *texts in rows.values_list("pk", *columns).iterator(chunk_size=CHUNK):
        yield pk, parts.tokens(dict(zip(columns, texts, strict=True)))


def grades(term, tokens):
    """(part, grade) of each part that has the whole of a term; `tokens` are those of the parts."""
    for part, found in tokens.items():
        grade = term.grade(found)
        if grade is not None:
            yield part, grade


def rank_of(part, grade):
    """The rank of a term that occurs in a part: 0 or 1 in the name, 2 or 3 in the summary, 4 or 5 elsewhere.

    The first of each if the word itself or a form of it occurs, the second if a word only begins with it.
    """
    return 2 * part + grade


def rank(query, several):
    """How well a record matches: the sum over all terms of the best rank of each, 0 the best.

    None where one of them does not occur. `several` are the record's own tokens by part, and those of each
    row that it points to.
    """
    total = 0
    for term in query.terms:
        found = [rank_of(part, grade) for tokens in several for part, grade in grades(term, tokens)]
        if not found:
            return None
        total += min(found)
    return total


def _by_part(paths, places):
    texts = {part: tuple(path for path in paths if _part(path) == part) for part in (NAME, SUMMARY, REST)}
    return {
        part: Texts(fields, places if part == REST else ())
        for part, fields in texts.items()
        if fields or (part == REST and places)
    }


def _part(path):
    column = path.rpartition("__")[2]
    if column.startswith(_NAMES):
        return NAME
    return SUMMARY if column.startswith("summary") else REST


def _columns(paths):
    return tuple(path.rpartition("__")[2] for path in paths)


def _places(model, relation=""):
    prefix = f"{relation}__" if relation else ""
    columns = getattr(_related_model(model, relation), "place_fields", ())
    return tuple(prefix + column for column in columns)


def _related_model(model, relation):
    for name in filter(None, relation.split("__")):
        model = model._meta.get_field(name).related_model
    return model

"""What a list finds: rows, numbers and counts, asked of the database.

This is the plain path, and the right one for thousands of rows: one query a question. A large list has an
index (`listings.index`), whose results answer the same questions.
"""


class PlainResults:
    """The answers to a filter set's query string."""

    def __init__(self, filterset):
        self.filterset = filterset

    def total(self, leave_out=None, leave_out_value=None):
        """The number of rows; with `leave_out`, as if that filter, or that value of it, were not set."""
        return self.filterset.rows(leave_out, leave_out_value).count()

    def counts(self, name):
        """value -> number of rows, for one facet, with its own choice left out and all others applied."""
        return self.filterset.filters[name].counts(self.filterset.rows(leave_out=name))

    @property
    def rows(self):
        """The rows in the chosen order, to count, to slice, and to go through in pieces with `iterator`."""
        filterset = self.filterset
        ordered = filterset.sorted_rows()
        if not filterset.sort.is_by_match:
            return ordered
        found = filterset.filters["q"].ranks
        keys = [key for key in ordered.values_list("pk", flat=True) if key in found]
        return Rows(filterset.queryset, sorted(keys, key=found.get))


class Rows:
    """Rows of a query set in the order of these primary keys, fetched as they are asked for."""

    def __init__(self, queryset, keys):
        self.queryset, self.keys = queryset, keys

    def count(self):
        return len(self.keys)

    def __len__(self):
        return len(self.keys)

    def __getitem__(self, some):
        keys = [int(key) for key in self.keys[some]]
        found = self.queryset.in_bulk(keys)
        # A row may have been withdrawn a moment ago.
        return [found[key] for key in keys if key in found]

    def iterator(self, chunk_size=1000):
        """All rows, fetched in pieces."""
        for start in range(0, len(self.keys), chunk_size):
            yield from self[start : start + chunk_size]

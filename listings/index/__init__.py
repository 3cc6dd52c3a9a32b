"""The index of a large list: what is kept beside its table, so that it answers as fast as a small one.

A table of thousands of rows needs none of this: `listings.results.PlainResults` asks the database, and is
what to read first. From `THRESHOLD` rows on, `manage.py build_index` makes for a filter set with `index_of`

- columns: a small array for each facet and range, one number a row (`columns`);
- orders: for each sort, the rows in its order (`columns`, `reading`);
- postings: for each word, the set of rows that have it (`postings`).

Every process holds columns and orders in memory (`snapshot`) and looks up postings. All of it is derived:
made anew from the table by one command (`building`), patched with the rows that have changed since
(`patching`), which the database itself logs (`listings.versions`), compared with the table by `manage.py
check_index`. What is missing or was made by other code is not used (`memory`): the plain path answers then,
slower.
"""

# Below so many rows the plain path is as fast.
THRESHOLD = 5_000

"""Triggers of SQLite: after each row, at once. There is one writer at a time, so numbers cannot cross.

`INSERT OR IGNORE` and its like extend to what a trigger does, so nothing here relies on a conflict.
"""

import hashlib

# Microseconds of the clock. A database put back to an earlier state does not give a number again that it has
# given before to other records.
NOW = "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)"
EPOCH = "lower(hex(randomblob(8)))"
COUNT = (
    f"INSERT INTO listings_dataversion (id, epoch, number) SELECT 1, {EPOCH}, 0 "  # noqa: S608
    "WHERE NOT EXISTS (SELECT 1 FROM listings_dataversion WHERE id = 1)",
    f"UPDATE listings_dataversion SET number = max(number + 1, {NOW}) WHERE id = 1",  # noqa: S608
)
LOG = (
    'INSERT INTO listings_change (number, "table", "row") '
    "SELECT number, '{logged}', {row}.\"{column}\" FROM listings_dataversion "
    "WHERE EXISTS (SELECT 1 FROM listings_index WHERE \"table\" = '{logged}')"
)
MOVED = ' AND OLD."{column}" IS NOT NEW."{column}"'
LOGS = {
    "INSERT": (LOG.replace("{row}", "NEW"),),
    "UPDATE": (LOG.replace("{row}", "NEW"), LOG.replace("{row}", "OLD") + MOVED),
    "DELETE": (LOG.replace("{row}", "OLD"),),
}


def definitions(cursor, followed):
    """{(table, trigger): the statement that creates it}; a digest of what it does ends its name."""
    found = {}
    for item in followed:
        for event, logs in LOGS.items():
            body = "; ".join((*COUNT, *logs)).format(logged=item.logged, column=item.column)
            name = f"listings_{item.table}_{event.lower()}_{hashlib.sha256(body.encode()).hexdigest()[:8]}"
            found[item.table, name] = (
                f'CREATE TRIGGER "{name}" AFTER {event} ON "{item.table}" BEGIN {body}; END'
            )
    return found


def installed(cursor):
    """(table, trigger) of all that are ours."""
    cursor.execute(
        "SELECT tbl_name, name FROM sqlite_master "
        r"WHERE type = 'trigger' AND name LIKE 'listings\_%' ESCAPE '\'"
    )
    return set(cursor.fetchall())


def create(cursor, triggers):
    for statement in triggers.values():
        cursor.execute(statement)


def drop(cursor, names):
    for _table, trigger in names:
        cursor.execute(f'DROP TRIGGER "{trigger}"')


def count(cursor):
    for statement in COUNT:
        cursor.execute(statement)


def renew(cursor):
    """Begin a new epoch."""
    count(cursor)
    cursor.execute(f"UPDATE listings_dataversion SET epoch = {EPOCH}")  # noqa: S608

"""Triggers of PostgreSQL: for each row, when its transaction commits.

All who write want the one row of the version. Whoever has it keeps it to the end of the transaction, so it is
taken last, by a deferred trigger: numbers then stand in the order of commits, and a transaction that is open
for long makes nobody wait. It counts once, however many rows it changes.

The functions run as their owner: who may write a record need not be allowed to write the version.
"""

import hashlib

# Where a transaction keeps the number it was given; a rollback takes it back.
GIVEN = "listings.number"
NAMES = ("count", "change", "renew")
# Microseconds of the clock. A database put back to an earlier state does not give a number again that it has
# given before to other records.
NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
EPOCH = "left(replace(gen_random_uuid()::text, '-', ''), 16)"
OPTIONS = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

COUNT = f"""
    CREATE OR REPLACE FUNCTION {{count}}() RETURNS bigint {OPTIONS} AS $$
    DECLARE
        given text := current_setting('{GIVEN}', true);
        taken bigint;
    BEGIN
        IF given <> '' THEN
            RETURN given::bigint;
        END IF;
        LOOP
            UPDATE {{schema}}.listings_dataversion SET number = greatest(number + 1, {NOW})
            WHERE id = 1 RETURNING number INTO taken;
            EXIT WHEN FOUND;
            INSERT INTO {{schema}}.listings_dataversion (id, epoch, number) VALUES (1, {EPOCH}, 0)
            ON CONFLICT DO NOTHING;
        END LOOP;
        PERFORM set_config('{GIVEN}', taken::text, true);
        RETURN taken;
    END $$
"""  # noqa: S608
# The log is looked for after the count: whoever begins one counts as well, and is waited for. Most keys are
# an `id`, which costs a third of reading a column whose name is given.
CHANGE = f"""
    CREATE OR REPLACE FUNCTION {{change}}() RETURNS trigger {OPTIONS} AS $$
    DECLARE
        given text := current_setting('{GIVEN}', true);
        taken bigint;
        before bigint;
        after bigint;
    BEGIN
        IF given <> '' THEN
            taken := given;
        ELSE
            taken := {{count}}();
        END IF;
        IF NOT EXISTS (SELECT FROM {{schema}}.listings_index WHERE "table" = TG_ARGV[0]) THEN
            RETURN NULL;
        END IF;
        IF TG_OP <> 'INSERT' THEN
            IF TG_ARGV[1] = 'id' THEN
                before := OLD.id;
            ELSE
                EXECUTE format('SELECT ($1).%I', TG_ARGV[1]) INTO before USING OLD;
            END IF;
            INSERT INTO {{schema}}.listings_change (number, "table", "row")
            VALUES (taken, TG_ARGV[0], before);
        END IF;
        IF TG_OP <> 'DELETE' THEN
            IF TG_ARGV[1] = 'id' THEN
                after := NEW.id;
            ELSE
                EXECUTE format('SELECT ($1).%I', TG_ARGV[1]) INTO after USING NEW;
            END IF;
            IF before IS DISTINCT FROM after THEN
                INSERT INTO {{schema}}.listings_change (number, "table", "row")
                VALUES (taken, TG_ARGV[0], after);
            END IF;
        END IF;
        RETURN NULL;
    END $$
"""  # noqa: S608
RENEW = f"""
    CREATE OR REPLACE FUNCTION {{renew}}() RETURNS trigger {OPTIONS} AS $$
    BEGIN
        PERFORM {{count}}();
        UPDATE {{schema}}.listings_dataversion SET epoch = {EPOCH};
        RETURN NULL;
    END $$
"""  # noqa: S608
TRIGGERS = {
    "change": """
        CREATE CONSTRAINT TRIGGER "{name}" AFTER INSERT OR UPDATE OR DELETE ON "{table}"
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {change}('{logged}', '{column}')
    """,
    "truncate": """
        CREATE TRIGGER "{name}" AFTER TRUNCATE ON "{table}"
        FOR EACH STATEMENT EXECUTE FUNCTION {renew}()
    """,
}


def definitions(cursor, followed):
    """{(table, trigger): the statement that creates it}; a digest of what it does ends its name."""
    functions, found = _functions(cursor), {}
    for item in followed:
        for event, template in TRIGGERS.items():
            statement = template.format(
                name="{name}", table=item.table, logged=item.logged, column=item.column, **functions
            )
            name = f"listings_{event}_{_digest(statement)}"
            found[item.table, name] = statement.replace("{name}", name)
    return found


def _functions(cursor):
    """The names of our functions in SQL, which their digest ends, and the schema of our tables."""
    cursor.execute(
        "SELECT quote_ident(nspname) FROM pg_class JOIN pg_namespace schema ON schema.oid = relnamespace "
        "WHERE pg_class.oid = 'listings_dataversion'::regclass"
    )
    (schema,) = cursor.fetchone()
    digest = _digest(schema + COUNT + CHANGE + RENEW)
    return {"schema": schema} | {name: f'{schema}."listings_{name}_{digest}"' for name in NAMES}


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def installed(cursor):
    """(table, trigger) of all that are ours and not disabled."""
    cursor.execute(r"""
        SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE tgname LIKE 'listings\_%' AND tgenabled <> 'D' AND pg_table_is_visible(tgrelid)
    """)
    return set(cursor.fetchall())


def create(cursor, triggers):
    names = _functions(cursor)
    for template in (COUNT, CHANGE, RENEW):
        cursor.execute(template.format(**names))
    for (table, trigger), statement in triggers.items():
        # It may be there, disabled.
        cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger}" ON "{table}"')
        cursor.execute(statement)


def drop(cursor, names):
    """Drop triggers, and after the last of them the functions."""
    for table, trigger in names:
        cursor.execute(f'DROP TRIGGER "{trigger}" ON "{table}"')
    if names and not installed(cursor):
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc "
            r"WHERE proname ~ '^listings_(count|change|renew)_\w{8}$' AND pg_function_is_visible(oid)"
        )
        for (function,) in cursor.fetchall():
            # Triggers that somebody has disabled go with them.
            cursor.execute(f"DROP FUNCTION IF EXISTS {function} CASCADE")


def count(cursor):
    cursor.execute("SELECT {count}()".format(**_functions(cursor)))


def renew(cursor):
    """Begin a new epoch."""
    count(cursor)
    cursor.execute(f"UPDATE listings_dataversion SET epoch = {EPOCH}")  # noqa: S608

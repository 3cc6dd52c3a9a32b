"""What the site costs with many records, measured: made-up data, and one command that compares.

    python -m benchmarks.generate --projects 100000    # made-up records, into the database of DATABASE_URL
    python -m benchmarks                               # all measurements, as a table: make bench
    python -m benchmarks.exact                         # fast answers beside slow ones

Nothing of the site imports anything from here. docs/performance.md says what is measured, and how.
"""

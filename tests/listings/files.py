"""Reads a list as the file it gives, and as the pages it stands on."""

import csv
import io


def read(client, address):
    """Headings and rows of a file, each row by heading."""
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.getvalue().decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {len(row) for row in rows} == {len(rows[0])}
    return rows[0], [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def slugs_of_page(client, address):
    """The addresses of all rows of a list, page after page."""
    found, number = [], 1
    while True:
        answer = client.get(f"{address}{'&' if '?' in address else '?'}page={number}")
        listing = answer.context["listing"]
        found += [row.slug for row in listing.page]
        if not listing.next_url:
            return found
        number += 1

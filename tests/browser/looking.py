"""Looking at a page as it stands, without loading it anew for each look: it may be the answer to a form."""

from tests.browser.test_accessibility import (
    COLOURS,
    DJANGOS,
    NARROW,
    PHONE,
    RULES,
    WIDE,
    overflow,
    violations,
)


def look_at(page, looks=((WIDE, "light", RULES), (PHONE, "dark", COLOURS))):
    """What is wrong with the page as it stands, in the light and wide, and in the dark and narrow."""
    found = []
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    for size, scheme, rules in looks:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += violations(page, rules, leave_out=DJANGOS)
    page.set_viewport_size(NARROW)
    return [*found, *(["too wide"] if overflow(page) else [])]

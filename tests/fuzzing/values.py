"""What nobody should send: values that have broken other sites, and a mark that must not become markup."""

from urllib.parse import quote

from hypothesis import strategies as st

# Sent in many values. In a page it may stand as text; as a tag or an attribute it was not escaped.
CANARY = "x-canary-7f3a"
MARKUP = (
    f"<{CANARY}>",
    f"</title><{CANARY}>",
    f'" {CANARY}="1',
    f"' {CANARY}='1",
    f"<script>{CANARY}</script>",
    f"--><{CANARY}>",
    f"{{{{ {CANARY} }}}}{{% debug %}}",
    f"javascript:{CANARY}",
)
ELSEWHERE = "elsewhere.example"
ADDRESSES = (
    f"https://{ELSEWHERE}/",
    f"//{ELSEWHERE}/",
    f"/\\{ELSEWHERE}/",
    f"\\\\{ELSEWHERE}",
    f"/%09/{ELSEWHERE}",
    f"/%2f{ELSEWHERE}",
    f"https:{ELSEWHERE}",
    f"///{ELSEWHERE}/..",
    f"http://testserver@{ELSEWHERE}/",
    f"http://testserver.{ELSEWHERE}/",
)
SQL = (
    "' OR 1=1 --",
    "1; DROP TABLE records_source",
    '") OR ("1"="1',
    "%' AND randomblob(9)='",
    "1 UNION SELECT 1",
    "\\",
)
NUMBERS = (
    "-1",
    "0",
    "1",
    "2",
    "007",
    "1e9",
    "1e400",
    "-1e-9",
    "NaN",
    "Infinity",
    "0x10",
    "1_000",
    "1,5",
    "٣",
    "²",
    "9" * 19,
    "9" * 40,
    str(2**31),
    str(2**63),
    str(-(2**63) - 1),
    ".",
    "1.5.2",
)
DATES = (
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "10000-01-01",
    "2021",
    "2021-13",
    "1980..",
    "-2021-01-01",
    "2026-03-02T25:61",
)
TEXTS = (
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\udfff\ud800",
    "\ufeff",
    "\ufffe",
    "\u202emoc.elpmaxe",
    "\u200b",
    "‮",
    "👩‍👩‍👧‍👦" * 3,
    "e" + "\u0301" * 60,
    "ﷺ" * 20,
    "大同",
    "太原市开发区",
    "datong",
    "public",
    "İıſK",
    "\r\nSet-Cookie: a=b",
    "\n",
    "\t",
    "\x1b[31m",
    "../../etc/passwd",
    "..\\..\\windows",
    "%00",
    "%c0%ae%c0%ae/",
    "%",
    "%zz",
    "=1+1",
    "@SUM(A1)",
    "null",
    "true",
    "[]",
    '{"a": [',
    "not-stated",
    "A" * 300,
    "大" * 1200,
    "a " * 700,
    '"' * 50,
    "*" * 50,
    "(" * 60,
)
NASTY = (*MARKUP, *ADDRESSES, *SQL, *NUMBERS, *DATES, *TEXTS)

values = st.one_of(
    st.sampled_from(NASTY),
    st.sampled_from(NASTY),
    st.integers().map(str),
    st.text(alphabet=st.characters(codec=None), max_size=12),
)


def as_bytes(text):
    """A text as a browser never sends it: lone surrogates are written out too."""
    return text.encode("utf-8", "surrogatepass")


def escaped(text, safe=""):
    return quote(as_bytes(text), safe=safe)

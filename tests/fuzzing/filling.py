"""Forms filled in as nobody fills them in, written as a browser sends them or nearly so."""

from hypothesis import strategies as st

from tests.fuzzing.values import CANARY, as_bytes, escaped, values

BOUNDARY = "b0undary"
URL_ENCODED = "application/x-www-form-urlencoded"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
ODD_TYPES = (
    URL_ENCODED,
    MULTIPART,
    "multipart/form-data",
    "multipart/form-data; boundary=" + "a" * 300,
    "multipart/form-data; boundary=\xff",
    f"{URL_ENCODED}; charset=utf-16",
    f"{URL_ENCODED}; charset=nonsense",
    "application/json",
    "text/plain",
    "",
    "/",
)
FILE_NAMES = (
    "a.csv",
    "a.xlsx",
    "../../a.csv",
    "a\0.csv",
    f"<{CANARY}>.csv",
    "大同.csv",
    "a" * 300 + ".csv",
    "",
)
FILES = (
    b"",
    b"\0" * 64,
    b"slug,name_en\na,=1+1\n",
    f"slug,<{CANARY}>\na,<{CANARY}>\n".encode(),
    "名称,城市\n大同,大同\n".encode("gb18030"),
    b"\xef\xbb\xbf\xff\xfe",
    b"PK\x03\x04" + b"\0" * 40,
    b"PK\x05\x06" + b"\0" * 18,
    b"\x1f\x8b\x08" + b"\xff" * 20,
    b'"' * 200,
    b"," * 3000,
    b"%PDF-1.7",
)


@st.composite
def filled_in(draw, form):
    """(content, content type) of a form with one to four changes."""
    fields = list(form.fields)
    for _ in range(draw(st.integers(1, 4))):
        fields = draw(_changed(form, fields))
    files = [
        (name, draw(st.sampled_from(FILE_NAMES)), draw(st.sampled_from(FILES)))
        for name in form.files
        if draw(st.booleans())
    ]
    if form.method == "POST" and (form.is_multipart or draw(st.integers(0, 5)) == 5):
        return _in_parts(fields, files), MULTIPART
    return _in_one_line(fields), URL_ENCODED


@st.composite
def _changed(draw, form, fields):
    """The fields with one of them chosen anew, made nonsense, left out, sent twice, or one more."""
    change = draw(st.sampled_from(("choose", "choose", "nonsense", "nonsense", "leave out", "twice", "add")))
    name = draw(st.sampled_from(form.names)) if form.names else "a"
    others = [pair for pair in fields if pair[0] != name]
    match change:
        case "choose":
            return [*others, (name, draw(st.sampled_from(form.choices.get(name) or ["on", "1", ""])))]
        case "nonsense":
            return [*others, (name, draw(values))]
        case "leave out":
            return others
        case "twice":
            return [*fields, (name, draw(values))]
        case "add":
            return [*fields, (draw(values), draw(values))]


def _in_one_line(fields):
    return "&".join(f"{escaped(name)}={escaped(value)}" for name, value in fields)


def _in_parts(fields, files):
    """As multipart/form-data; names that would end a header are cut there, as a proxy would."""
    parts = []
    for name, value in fields:
        head = f'Content-Disposition: form-data; name="{_one_line(name)}"'
        parts.append(head.encode("utf-8", "surrogatepass") + b"\r\n\r\n" + as_bytes(value))
    for name, file_name, content in files:
        head = f'Content-Disposition: form-data; name="{name}"; filename="{_one_line(file_name)}"'
        parts.append(head.encode() + b"\r\nContent-Type: text/csv\r\n\r\n" + content)
    line = f"--{BOUNDARY}".encode()
    whole = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
    return whole.decode("latin-1")


def _one_line(text):
    return text.partition("\n")[0].partition("\r")[0]

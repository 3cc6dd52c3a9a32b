"""The forms of a page, as a browser reads them: where they go, and what they would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

UNSENT = {"submit", "button", "image", "reset"}


@dataclass
class Form:
    """What a form sends when nothing is changed in it, and what else it could send."""

    action: str
    method: str
    is_multipart: bool
    # (name, value) in the order of the page.
    fields: list = field(default_factory=list)
    # name -> values that could be chosen instead.
    choices: dict = field(default_factory=dict)
    files: list = field(default_factory=list)

    @property
    def names(self):
        return list(dict.fromkeys([name for name, _value in self.fields] + [*self.choices, *self.files]))


def forms_of(address, html):
    """All forms of a page that lead to our own site."""
    parser = _Reader(address)
    parser.feed(html)
    parser.close()
    return [form for form in parser.forms if form.action]


class _Reader(HTMLParser):
    def __init__(self, address):
        super().__init__()
        self.address, self.forms = address, []
        self.form = self.select = self.textarea = None

    def handle_starttag(self, tag, attributes):
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.form = self._form(found)
            self.forms.append(self.form)
        elif self.form is not None and found.get("name"):
            self._field(tag, found)
        elif tag == "option" and self.select:
            self._option(found)

    def _form(self, found):
        target = urlsplit(urljoin(f"http://testserver{self.address}", found.get("action", "")))
        address = target.path + (f"?{target.query}" if target.query else "")
        return Form(
            address if target.netloc == "testserver" else "",
            found.get("method", "get").upper(),
            found.get("enctype") == "multipart/form-data",
        )

    def _field(self, tag, found):
        name, kind = found["name"], found.get("type", "text")
        if tag == "select":
            self.select, self.form.choices[name] = name, []
        elif tag == "textarea":
            self.textarea = [name, ""]
        elif tag == "button" or kind in UNSENT:
            self.form.choices.setdefault(name, []).append(found.get("value", ""))
        elif kind == "file":
            self.form.files.append(name)
        elif kind in ("checkbox", "radio"):
            self.form.choices.setdefault(name, []).append(found.get("value", "on"))
            if "checked" in found:
                self.form.fields.append((name, found.get("value", "on")))
        elif tag == "input":
            self.form.fields.append((name, found.get("value", "")))

    def _option(self, found):
        self.form.choices[self.select].append(found.get("value", ""))
        if "selected" in found:
            self.form.fields.append((self.select, found.get("value", "")))

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.textarea and self.form is not None:
            self.form.fields.append(tuple(self.textarea))
            self.textarea = None

    def handle_data(self, data):
        if self.textarea:
            self.textarea[1] += data

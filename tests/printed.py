"""Reads the PDF of an answer."""

import io

from pypdf import PdfReader


def pages_of(response):
    """The pages of a PDF that was answered."""
    return _read(response).pages


def text_of(response):
    """All its text, in which a line that was broken is one again."""
    return " ".join("\n".join(page.extract_text() for page in pages_of(response)).split())


def descriptions_of(response):
    """What it says of its pictures to those who do not see them."""
    found, waiting = [], [_read(response).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting += element
        elif isinstance(element, dict):
            found += [element["/Alt"]] if "/Alt" in element else []
            waiting += [element["/K"]] if "/K" in element else []
    return found


def _read(response):
    assert response.status_code == 200, response.status_code
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(response.content))

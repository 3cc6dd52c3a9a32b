import io
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from pypdf import PdfReader

from records import printing
from records.printing import CannotPrint, check_printing, print_pdf

SHEET = """<!doctype html><html lang="{lang}"><head><title>{text}</title><meta name="author" content="Us">
<link rel="stylesheet" href="static:css/fact-sheet.css"></head><body>{body}<p>{text}</p></body></html>"""


def sheet(text="Datong 大同", body="", lang="en"):
    return SHEET.format(text=text, body=body, lang=lang)


@pytest.fixture
def no_printer(monkeypatch):
    monkeypatch.setattr(printing, "printer", lambda: None)


@pytest.fixture
def no_chinese_font(monkeypatch):
    monkeypatch.setattr(printing, "has_chinese_font", lambda: False)


# What is printed


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
def test_sheet_is_tagged_and_names_title_author_and_language(can_print, lang):
    pdf = PdfReader(io.BytesIO(print_pdf(sheet(lang=lang))[0]))

    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == lang
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert (pdf.metadata.title, pdf.metadata.author) == ("Datong 大同", "Us")
    assert pdf.pages[0].extract_text().strip().startswith("Datong 大同")


def test_sheet_carries_its_fonts(can_print):
    pdf = PdfReader(io.BytesIO(print_pdf(sheet())[0]))
    fonts = pdf.pages[0]["/Resources"]["/Font"].values()
    descriptors = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts]
    assert len(descriptors) > 1
    assert all(descriptor.keys() & {"/FontFile2", "/FontFile3"} for descriptor in descriptors)


# Made once


@pytest.fixture
def printed(monkeypatch):
    """The pages that were printed, in place of printing them."""
    pages = []
    monkeypatch.setattr(printing, "_print", lambda html: pages.append(html) or b"%PDF " + html.encode())
    return pages


def test_same_page_is_printed_once(printed):
    assert print_pdf(sheet("One")) == print_pdf(sheet("One"))
    assert len(printed) == 1


def test_changed_page_is_printed_anew(printed):
    assert print_pdf(sheet("Two"))[1] != print_pdf(sheet("Three"))[1]
    assert len(printed) == 2


def test_changed_style_is_a_changed_page(printed, monkeypatch):
    before = print_pdf(sheet("Four"))[1]
    monkeypatch.setattr(printing, "_own_file", lambda name: b"p { color: red }")
    assert print_pdf(sheet("Four"))[1] != before


# What may be fetched


@pytest.mark.parametrize(
    "body",
    [
        '<img alt="" src="https://other.example/picture.png">',
        '<img alt="" src="file:///etc/passwd">',
        '<img alt="" src="data:image/svg+xml,<svg/>">',
        '<base href="http://127.0.0.1/en/"><img alt="" src="/static/img/seal.svg">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/style.css">',
        '<style>p { background: url("file:///etc/hostname") }</style>',
    ],
)
def test_whatever_is_not_ours_stops_the_printing(can_print, body):
    with pytest.raises(can_print.urls.FatalURLFetchingError):
        print_pdf(sheet("Fetches", body))


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("../shanxi_portal/wsgi.py", SuspiciousFileOperation),
        ("/etc/passwd", SuspiciousFileOperation),
        ("img/none.svg", FileNotFoundError),
        # Files of other apps are not for print.
        ("admin/css/base.css", FileNotFoundError),
    ],
)
def test_only_files_below_static_are_read(name, error):
    with pytest.raises(error):
        print_pdf(sheet("Reads", f'<img alt="" src="static:{name}">'))


# What is lacking is said


def test_no_printer_is_said(no_printer):
    with pytest.raises(CannotPrint, match="software"):
        print_pdf(sheet("Lacks Pango"))


def test_no_chinese_font_is_said_where_there_is_chinese(can_print, no_chinese_font):
    with pytest.raises(CannotPrint, match="Chinese font"):
        print_pdf(sheet("Lacks 字体"))
    assert print_pdf(sheet("Lacks nothing"))[0].startswith(b"%PDF")


def test_check_is_content_with_what_it_needs(can_print):
    assert check_printing(None) == []


def test_check_warns_of_a_missing_printer(no_printer):
    (problem,) = check_printing(None)
    assert problem.id == "records.W001"
    assert "libpango" in problem.hint


@pytest.mark.parametrize(("production", "number"), [(False, "records.W002"), (True, "records.E001")])
def test_check_refuses_production_without_a_chinese_font(
    can_print, no_chinese_font, settings, production, number
):
    settings.PRODUCTION = production
    (problem,) = check_printing(None)
    assert problem.id == number
    assert "fonts-noto-cjk" in problem.hint


# The same on a machine that really lacks them


def run(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "shanxi_portal.settings", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


CHECK = """
import django, sys
{before}
django.setup()
from django.core.management import call_command
from records.printing import CannotPrint, print_pdf
call_command("check", "records")
try:
    print_pdf("<html lang='zh-Hans'><title>晋</title><p>晋城</p></html>")
except CannotPrint as reason:
    print("Refused:", reason)
"""


def test_machine_without_fonts_refuses_to_print_chinese(can_print, tmp_path):
    (tmp_path / "fonts").mkdir()
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><dir>{tmp_path}/fonts</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    )
    done = run(CHECK.format(before=""), FONTCONFIG_FILE=str(fonts))
    assert done.returncode == 0, done.stderr
    assert "records.W002" in done.stderr
    assert "Refused: This server has no Chinese font" in done.stdout


def test_machine_without_the_printer_runs_the_site():
    done = run(CHECK.format(before='sys.modules["weasyprint"] = None'))
    assert done.returncode == 0, done.stderr
    assert "records.W001" in done.stderr
    assert "Refused: This server lacks the software" in done.stdout

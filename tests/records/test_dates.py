"""Dates as exact as their source: read, written in both languages, sorted, and refused."""

import datetime

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from records.dates import PartialDate

WRITTEN = {
    # text: (English, Chinese, first day, last day)
    "2021": ("2021", "2021年", "2021-01-01", "2021-12-31"),
    "2021-03": ("March 2021", "2021年3月", "2021-03-01", "2021-03-31"),
    "2024-02": ("February 2024", "2024年2月", "2024-02-01", "2024-02-29"),
    "2021-03-06": ("6 March 2021", "2021年3月6日", "2021-03-06", "2021-03-06"),
    "2022-Q3": ("Q3 2022", "2022年第3季度", "2022-07-01", "2022-09-30"),
    "2022-H1": ("first half of 2022", "2022年上半年", "2022-01-01", "2022-06-30"),
    "2022-H2": ("second half of 2022", "2022年下半年", "2022-07-01", "2022-12-31"),
    "2020-01/2020-04": (
        "January 2020 to April 2020",
        "2020年1月至2020年4月",
        "2020-01-01",
        "2020-04-30",
    ),
    "2020-01/2020-01": ("January 2020", "2020年1月", "2020-01-01", "2020-01-31"),
    "../2006": ("before 2006", "2006年以前", None, "2006-12-31"),
    "../2020-12-12": ("before 12 December 2020", "2020年12月12日以前", None, "2020-12-12"),
    "2018~": ("about 2018", "约2018年", "2018-01-01", "2018-12-31"),
    "2018-05/2019~": ("about May 2018 to 2019", "约2018年5月至2019年", "2018-05-01", "2019-12-31"),
}

REFUSED = [
    "",
    " ",
    "21",
    "202",
    "20211",
    "2021-",
    "2021-3",
    "2021-13",
    "2021-00",
    "2021-03-00",
    "2021-02-30",
    "2023-02-29",
    "2021-03-6",
    "2021/03/06",
    "2021-Q0",
    "2021-Q5",
    "2021-H3",
    "2021-q1",
    "2021-Q1-03",
    "0000",
    "~2021",
    "2021~/2022",
    "2021/",
    "/2021",
    "../..",
    "2021/..",
    "..",
    "2021/2022/2023",
    "2022/2021",
    "2020-05/2020-04",
    "2020-H2/2020-03",
    "March 2021",
    "2021年3月",
    "２０２１",
    "2021\n2022",
    "-2021",
]


@pytest.mark.parametrize(("text", "english"), [(text, row[0]) for text, row in WRITTEN.items()])
def test_a_date_is_written_in_english_as_exactly_as_it_is_known(text, english):
    with override("en"):
        assert str(PartialDate.parse(text)) == english


@pytest.mark.parametrize(("text", "chinese"), [(text, row[1]) for text, row in WRITTEN.items()])
def test_a_date_is_written_in_chinese_as_exactly_as_it_is_known(text, chinese):
    with override("zh-hans"):
        assert str(PartialDate.parse(text)) == chinese


@pytest.mark.parametrize(("text", "first", "last"), [(text, row[2], row[3]) for text, row in WRITTEN.items()])
def test_a_date_knows_the_days_it_can_mean(text, first, last):
    date = PartialDate.parse(text)
    assert date.first_day == (first and datetime.date.fromisoformat(first))
    assert date.last_day == datetime.date.fromisoformat(last)
    assert date.year == int(last[:4])


@pytest.mark.parametrize("text", REFUSED)
def test_other_texts_are_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        PartialDate.parse(text)


def test_spaces_around_a_date_do_not_matter_and_are_not_kept():
    assert PartialDate.parse(" 2021-03 ") == PartialDate("2021-03")


def test_only_a_tilde_makes_a_date_approximate():
    assert PartialDate.parse("2018~").is_approximate
    assert not PartialDate.parse("2018").is_approximate


def test_dates_sort_by_time_and_the_vaguer_first():
    texts = ["2021-03-06", "2020-12", "2021", "2019-05-01", "2021-03"]
    assert [date.text for date in sorted(map(PartialDate.parse, texts))] == [
        "2019-05-01",
        "2020-12",
        "2021",
        "2021-03",
        "2021-03-06",
    ]


DAYS = st.dates(min_value=datetime.date(1000, 1, 1), max_value=datetime.date(9998, 12, 31))
# (language, how Python reads back what was written)
READERS = [("en", "%d %B %Y"), ("zh-hans", "%Y年%m月%d日")]


@pytest.mark.parametrize(("language", "pattern"), READERS)
@given(day=DAYS)
def test_any_day_can_be_read_back_from_its_words(language, pattern, day):
    with override(language):
        words = str(PartialDate.parse(day.isoformat()))
    assert datetime.datetime.strptime(words, pattern).date() == day  # noqa: DTZ007 (a day has no zone)


@pytest.mark.parametrize(("language", "pattern"), [("en", "%B %Y"), ("zh-hans", "%Y年%m月")])
@given(day=DAYS)
def test_any_month_can_be_read_back_from_its_words(language, pattern, day):
    date = PartialDate.parse(day.isoformat()[:7])
    with override(language):
        words = str(date)
    assert datetime.datetime.strptime(words, pattern).date() == day.replace(day=1)  # noqa: DTZ007
    assert date.first_day <= day <= date.last_day


POINTS = DAYS.flatmap(
    lambda day: st.sampled_from(
        [
            f"{day.year:04d}",
            day.isoformat()[:7],
            day.isoformat(),
            f"{day.year:04d}-Q{(day.month - 1) // 3 + 1}",
            f"{day.year:04d}-H{(day.month - 1) // 6 + 1}",
        ]
    )
)


@given(point=POINTS, tilde=st.sampled_from(["", "~"]), before=st.booleans())
def test_every_form_survives_reading(point, tilde, before):
    text = f"{'../' if before else ''}{point}{tilde}"
    date = PartialDate.parse(text)
    assert date.text == text
    assert PartialDate.parse(date.text) == date
    assert (date.first_day is None) == before
    assert before or date.first_day <= date.last_day


@given(start=POINTS, end=POINTS)
def test_a_period_is_read_if_and_only_if_it_does_not_end_before_it_begins(start, end):
    first, last = PartialDate.parse(start).first_day, PartialDate.parse(end).last_day
    if first <= last:
        period = PartialDate.parse(f"{start}/{end}")
        assert (period.first_day, period.last_day) == (first, last)
    else:
        with pytest.raises(ValueError, match=start):
            PartialDate.parse(f"{start}/{end}")


@given(text=st.text(max_size=30))
def test_any_text_is_a_date_or_refused_with_a_value_error(text):
    try:
        date = PartialDate.parse(text)
    except ValueError:
        return
    assert date.text == text.strip()
    assert date.text.isascii()
    assert date.last_day

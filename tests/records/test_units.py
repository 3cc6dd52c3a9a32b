"""Numbers and units in both languages: nothing is rounded, nothing is lost."""

import re
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from records.units import Approximation, Unit, write_amount, write_figure, write_number

AMOUNTS = [
    # number, unit, English, Chinese
    ("1240000000000", "yuan", "1.24 trillion yuan", "1.24万亿元"),
    ("190000000000", "usd", "US$190 billion", "1,900亿美元"),
    ("500000000", "yuan", "500 million yuan", "5亿元"),
    ("15000000", "yuan", "15 million yuan", "1,500万元"),
    ("10000", "yuan", "10,000 yuan", "1万元"),
    ("9999", "yuan", "9,999 yuan", "9,999元"),
    ("1234567", "yuan", "1,234,567 yuan", "1,234,567元"),
    ("1234000", "yuan", "1.234 million yuan", "123.4万元"),
    ("1234567890", "yuan", "1,234,567,890 yuan", "123,456.789万元"),
    ("-5000000", "yuan", "−5 million yuan", "−500万元"),
    ("10.6", "percent", "10.6%", "10.6%"),
    ("-3.50", "percent", "−3.5%", "−3.5%"),
    ("0", "jobs", "0 jobs", "0个岗位"),
    ("1", "jobs", "1 job", "1个岗位"),
    ("1", "projects", "1 project", "1个"),
    ("7200", "projects", "7,200 projects", "7,200个"),
    ("2", "rank", "No. 2 in China", "全国第2位"),
    ("239.400000", "km2", "239.4 km²", "239.4平方公里"),
    ("0.000001", "km2", "0.000001 km²", "0.000001平方公里"),
    ("45", "minutes", "45 min", "45分钟"),
    ("60", "minutes", "60 min", "60分钟"),
    ("61", "minutes", "1 h 1 min", "1小时1分"),
    ("120", "minutes", "2 h", "2小时"),
    ("144", "minutes", "2 h 24 min", "2小时24分"),
    ("90.5", "minutes", "1 h 30.5 min", "1小时30.5分"),
    ("-90", "minutes", "−90 min", "−90分钟"),
    ("0.52", "yuan-per-kwh", "0.52 yuan per kWh", "0.52元/千瓦时"),
    ("15000000", "m3", "15 million m³", "1,500万立方米"),
    ("15000000", "m2", "15,000,000 m²", "15,000,000平方米"),
    ("50", "percent-of-fee", "50 % of the normal fee", "正常标准的50%"),
    ("7", "", "7", "7"),
]


@pytest.mark.parametrize(("number", "unit", "english", "chinese"), AMOUNTS)
def test_an_amount_is_written_as_each_language_writes_it(number, unit, english, chinese):
    with override("en"):
        assert write_amount(Decimal(number), unit) == english
    with override("zh-hans"):
        assert write_amount(Decimal(number), unit) == chinese


HEDGES = [
    ("about", "about 7,200 projects", "约7,200个"),
    ("nearly", "nearly 7,200 projects", "近7,200个"),
    ("more_than", "more than 7,200 projects", "超过7,200个"),
    ("at_least", "at least 7,200 projects", "不少于7,200个"),
    ("less_than", "less than 7,200 projects", "不到7,200个"),
    ("", "7,200 projects", "7,200个"),
]


@pytest.mark.parametrize(("approximation", "english", "chinese"), HEDGES)
def test_a_figure_keeps_the_hedge_of_its_source(approximation, english, chinese):
    with override("en"):
        assert write_figure(7200, "projects", approximation=approximation) == english
    with override("zh-hans"):
        assert write_figure(7200, "projects", approximation=approximation) == chinese


def test_every_hedge_has_words_of_its_own_in_both_languages():
    assert [hedge for hedge, _english, _chinese in HEDGES if hedge] == Approximation.values
    for column in (1, 2):
        assert len({row[column] for row in HEDGES}) == len(HEDGES)


RANGES = [
    # from, to, unit, English, Chinese
    ("2", "3.5", "yuan-per-m3", "2 to 3.5 yuan per m³", "2至3.5元/立方米"),
    ("200000000", "500000000", "yuan", "200 to 500 million yuan", "2亿至5亿元"),
    ("900000000", "1200000000", "yuan", "900 million to 1.2 billion yuan", "9亿至12亿元"),
    ("90000000", "120000000", "yuan", "90 to 120 million yuan", "9,000万至1.2亿元"),
    ("200000000", "500000000", "usd", "US$200 million to US$500 million", "2亿至5亿美元"),
    # Were one end in millions and the other not, the first could be read as millions too.
    ("5000", "2000000", "yuan", "5,000 to 2,000,000 yuan", "5,000至2,000,000元"),
    ("1234567", "500000000", "yuan", "1,234,567 to 500,000,000 yuan", "1,234,567至500,000,000元"),
    ("3000", "5000", "yuan-a-year", "3,000 to 5,000 yuan a year", "3,000至5,000元/年"),
    ("-5", "5", "percent", "−5% to 5%", "−5%至5%"),
    ("50", "70", "percent-of-fee", "50 to 70 % of the normal fee", "正常标准的50%至70%"),
    ("2", "5", "rank", "No. 2 to No. 5 in China", "全国第2至第5位"),
    ("30", "45", "minutes", "30 to 45 min", "30至45分钟"),
    ("45", "90", "minutes", "45 min to 1 h 30 min", "45分钟至1小时30分"),
]


@pytest.mark.parametrize(("low", "high", "unit", "english", "chinese"), RANGES)
def test_a_range_is_written_with_both_ends(low, high, unit, english, chinese):
    with override("en"):
        assert write_figure(Decimal(low), unit, maximum=Decimal(high)) == english
    with override("zh-hans"):
        assert write_figure(Decimal(low), unit, maximum=Decimal(high)) == chinese


def test_a_range_keeps_its_hedge():
    with override("en"):
        assert write_figure(15, "km2", maximum=20, approximation="about") == "about 15 to 20 km²"
    with override("zh-hans"):
        assert write_figure(15, "km2", maximum=20, approximation="about") == "约15至20平方公里"


def test_every_unit_is_written_in_both_languages():
    with override("en"):
        english = {unit: write_amount(2, unit) for unit in Unit}
    with override("zh-hans"):
        chinese = {unit: write_amount(2, unit) for unit in Unit}
    assert [unit for unit, words in english.items() if words == "2" or not words.isprintable()] == []
    # A percent sign and nothing else is the only unit that both languages share.
    assert [unit for unit in Unit if english[unit] == chinese[unit]] == [Unit.PERCENT]
    assert [unit for unit, words in chinese.items() if unit != Unit.PERCENT and words.isascii()] == []


SCALES = {
    "": 1,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "万": 10**4,
    "亿": 10**8,
    "万亿": 10**12,
}
NUMBERS = st.decimals(min_value=-(10**17), max_value=10**17, places=6, allow_nan=False, allow_infinity=False)
ROUND_NUMBERS = st.builds(
    lambda digits, zeros: Decimal(digits) * 10**zeros, st.integers(-(10**5), 10**5), st.integers(0, 12)
)


PIECE = r"(−?)([\d,]+(?:\.\d+)?) ?(million|billion|trillion|万亿|万|亿)?"


def value_of(words):
    """The number that a reader takes from the words: the digits times the scale behind them."""
    sign, digits, scale = re.search(PIECE, words).groups()
    return Decimal(digits.replace(",", "")) * SCALES[scale or ""] * (-1 if sign else 1)


def minutes_of(words):
    """The same of a time: hours and minutes together."""
    hours = re.search(r"([\d,.]+) ?(?:h|小时)", words)
    minutes = re.search(r"(−?[\d,.]+) ?(?:min|分)", words)
    found = [
        Decimal(match[1].replace(",", "").replace("−", "-")) if match else 0 for match in (hours, minutes)
    ]
    return found[0] * 60 + found[1]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@given(number=NUMBERS | ROUND_NUMBERS, unit=st.sampled_from(Unit.values))
def test_the_digits_written_times_the_scale_are_the_number(language, number, unit):
    read = minutes_of if unit == Unit.MINUTES else value_of
    with override(language):
        assert read(write_amount(number, unit)) == number


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@given(
    ends=st.lists(ROUND_NUMBERS, min_size=2, max_size=2).map(sorted), unit=st.sampled_from(["yuan", "usd"])
)
def test_both_ends_of_a_range_are_the_numbers(language, ends, unit):
    """A scale that stands once, behind the second number, is read as that of both."""
    with override(language):
        words = write_figure(ends[0], unit, maximum=ends[1])
    (sign, digits, scale), (sign_2, digits_2, scale_2) = re.findall(PIECE, words)
    read = [(sign, digits, scale or scale_2), (sign_2, digits_2, scale_2)]
    assert [
        Decimal(digits.replace(",", "")) * SCALES[scale] * (-1 if sign else 1) for sign, digits, scale in read
    ] == ends


@given(number=NUMBERS | ROUND_NUMBERS)
def test_a_number_is_written_in_groups_of_three_without_needless_zeros(number):
    words = write_number(number)
    assert re.fullmatch(r"-?\d{1,3}(,\d{3})*(\.\d*[1-9])?", words)
    assert Decimal(words.replace(",", "")) == number


@given(number=ROUND_NUMBERS)
def test_a_scale_is_never_used_for_less_than_one_of_it(number):
    for language in ("en", "zh-hans"):
        with override(language):
            words = write_amount(number, Unit.YUAN)
        scaled = re.search(r"([\d,.]+) ?(million|billion|trillion|万亿|万|亿)", words)
        assert scaled is None or Decimal(scaled[1].replace(",", "")) >= 1

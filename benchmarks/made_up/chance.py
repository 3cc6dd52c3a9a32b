"""Random choices, many at a time."""

import numpy as np


def by_rank(count, exponent=0.9):
    """Cumulative shares of `count` things by Zipf's law: the first is the most frequent, most are rare."""
    weights = 1 / (np.arange(count) + 1.5) ** exponent
    return np.cumsum(weights) / weights.sum()


def numbers(generator, shares, size):
    """`size` numbers below len(shares), each as frequent as its cumulative share says."""
    return np.searchsorted(shares, generator.random(size)).clip(0, len(shares) - 1).tolist()


def values(generator, table, size):
    """`size` values of a table of (values, shares)."""
    choices, shares = table
    return [choices[number] for number in numbers(generator, np.cumsum(shares) / sum(shares), size)]


def flags(generator, share, size):
    """`size` booleans, true in the given share."""
    return (generator.random(size) < share).tolist()


def sums(generator, mean, spread, size):
    """`size` log-normal whole numbers of two leading digits, as sums are stated: 12000000."""
    found = np.exp(generator.normal(mean, spread, size))
    unit = 10 ** (np.floor(np.log10(found)) - 1)
    return (np.round(found / unit) * unit).astype(np.int64).clip(10_000).tolist()


def dates(generator, forms, years, size):
    """`size` partial dates as texts, later years the more frequent; `forms` is a table of precisions."""
    weights = np.arange(1, len(years) + 1, dtype=float)
    chosen = [years[number] for number in numbers(generator, np.cumsum(weights) / weights.sum(), size)]
    months = generator.integers(1, 13, size).tolist()
    days = generator.integers(1, 29, size).tolist()
    precisions = values(generator, forms, size)
    return [date(*parts) for parts in zip(precisions, chosen, months, days, strict=True)]


def date(precision, year, month, day):
    """One partial date (records.dates); None where nothing is known."""
    match precision:
        case "day":
            return f"{year}-{month:02}-{day:02}"
        case "month":
            return f"{year}-{month:02}"
        case "quarter":
            return f"{year}-Q{(month + 2) // 3}"
        case "about":
            return f"{year}-{month:02}~"
        case "before":
            return f"../{year}"
        case "year":
            return str(year)
    return None

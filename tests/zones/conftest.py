"""Aspects that zones are compared by. A test asks for them by name."""

import pytest

from records.models import Aspect
from tests.factories import make_aspect


@pytest.fixture
def area():
    return make_aspect(
        key="area", label_en="Area", label_zh="面积", unit="km2", group=Aspect.Group.LAND, column="area_km2"
    )


@pytest.fixture
def price():
    return make_aspect(
        key="price-of-power",
        label_en="Price of power",
        unit="yuan-per-kwh",
        group=Aspect.Group.LAND,
        better=Aspect.Better.LOWER,
    )

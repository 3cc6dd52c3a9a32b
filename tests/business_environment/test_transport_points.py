"""The ends of a transport link on the map: whole points, and none beside a city's own."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from tests import factories as make

pytestmark = pytest.mark.django_db


def refused(**values):
    link = make.make_transport_link()
    for name, value in values.items():
        setattr(link, name, value)
    with pytest.raises(ValidationError) as error:
        link.full_clean()
    return error.value.message_dict


@pytest.mark.parametrize("end", ["from", "to"])
@pytest.mark.parametrize(("given", "missing"), [("latitude", "longitude"), ("longitude", "latitude")])
def test_half_a_point_is_refused_on_the_field_that_is_missing(end, given, missing):
    assert refused(**{f"{end}_{given}": Decimal("34.7")}) == {
        f"{end}_{missing}": ["Give latitude and longitude, or neither."]
    }


def test_a_point_beside_a_city_is_refused():
    city = make.make_city()
    assert refused(from_city=city, from_latitude=Decimal("34.7"), from_longitude=Decimal("113.6")) == {
        "from_latitude": ["A city of Shanxi has a point of its own."]
    }


def test_whole_points_and_cities_are_taken():
    link = make.make_transport_link()
    link.from_city = make.make_city()
    link.to_latitude, link.to_longitude = Decimal("34.7"), Decimal("113.6")
    link.full_clean()

from zones.models.industry import Industry
from zones.models.places import City, Region
from zones.models.zone import Park, Zone, ZoneRelation

__all__ = ["City", "Industry", "Park", "Region", "Zone", "ZoneRelation"]

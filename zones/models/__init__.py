from zones.models.industry import Industry
from zones.models.places import City, Region
from zones.models.territory import Territory
from zones.models.zone import Park, Zone, ZoneRelation

__all__ = ["City", "Industry", "Park", "Region", "Territory", "Zone", "ZoneRelation"]

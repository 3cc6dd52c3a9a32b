"""The admin of this app; importing it registers the pages."""

from business_environment.admin import indicators, permit_path, places, procedures, reforms

__all__ = ["indicators", "permit_path", "places", "procedures", "reforms"]

from lms.portal.models import CentreHomePage

__all__ = ["CentreHomePage"]

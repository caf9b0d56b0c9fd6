"""Stories: forty reports of one happening become one story with a present state."""

from enrich.stories.stories import Stories

__all__ = ["Stories"]

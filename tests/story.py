"""The story that plugins are tested with too."""

from lms.plugin.testing.story import *

"""The cast that plugins are tested with too."""

from lms.plugin.testing.cast import *

"""The suite that every plugin passes."""

from lms.plugin.testing import Conformance


class TestConformance(Conformance):
    plugin = "hotline"

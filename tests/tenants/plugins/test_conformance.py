"""The sample plugin passes through what every plugin must, in the three lines of the reference."""

from lms.plugin.testing import Conformance


class TestConformance(Conformance):
    plugin = "sample"

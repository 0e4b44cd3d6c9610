from lms.plugin.testing import Conformance


class TestConformance(Conformance):
    plugin = "letters"

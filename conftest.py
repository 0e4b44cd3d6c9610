pytest_plugins = ["lms.plugin.testing.fixtures"]

"""What every process does first; what refuses the start is said in one readable line."""

import django
from django.core.exceptions import ImproperlyConfigured

from tenants.plugins.discover import PluginRefused, blame


class StartRefused(RuntimeError):
    """Nothing was started; the text is one line for whoever started it."""


def start() -> None:
    """Start the database where it is embedded, and Django. Raises StartRefused."""
    from lms.database import ensure_server
    from lms.embedded import EmbeddedError

    try:
        ensure_server()
        django.setup()
    except (EmbeddedError, PluginRefused, ImproperlyConfigured) as error:
        raise StartRefused(str(error)) from error
    except Exception as error:
        if line := blame(error):
            raise StartRefused(line) from error
        raise

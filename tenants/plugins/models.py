"""What the Plugins page remembers of this tenant."""

from django.db import models
from django.utils import timezone


class PluginFault(models.Model):
    """A failure of a plugin, counted as often as it came the same."""

    plugin = models.CharField(max_length=40)
    point = models.CharField(max_length=60)
    error = models.CharField(max_length=300)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-last_at"]
        permissions = [("switch_plugin", "可开关插件")]
        constraints = [
            models.UniqueConstraint(fields=["plugin", "point", "error"], name="plugin_fault_once")
        ]

    def __str__(self) -> str:
        return f"{self.plugin} {self.point}: {self.error}"

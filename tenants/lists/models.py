"""What people keep of the desk's lists: views under a name, and their own columns."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A list as somebody filtered, sorted and laid it out: `query` as it stands in the address,
    `columns` the keys that are shown; none means those of whoever looks.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    of_list = models.SlugField(max_length=40)
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(max_length=1000, blank=True)
    columns = models.JSONField(default=list, blank=True)
    shared = models.BooleanField(_("同事也能用"), default=False)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "of_list", "name"], name="saved_view_name_once"
            ),
            models.CheckConstraint(name="saved_view_is_named", condition=~models.Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class ListMemory(models.Model):
    """The columns that one person wants of a list, and the view with which it opens."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="list_memories"
    )
    of_list = models.SlugField(max_length=40)
    columns = models.JSONField(default=list, blank=True)
    opens_with = models.ForeignKey(
        SavedView, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "of_list"], name="list_memory_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.of_list}"

"""What every fact carries: when, and who, with the name that the person had then."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.plugin import AppendOnly


class Fact(AppendOnly):
    at = models.DateTimeField(_("时间"), default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(_("经办人"), max_length=60)

    class Meta:
        abstract = True

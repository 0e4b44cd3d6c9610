from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.plugin import PluginPage, PluginSettings, register_setting


class Note(models.Model):
    text = models.CharField(_("便条"), max_length=100)
    open = models.BooleanField(_("未完成"), default=False)

    class Meta:
        verbose_name = _("便条")
        verbose_name_plural = _("便条")

    def __str__(self):
        return self.text


class Tag(models.Model):
    text = models.CharField(_("标签"), max_length=100)

    class Meta:
        verbose_name = _("样例标签")
        verbose_name_plural = _("样例标签")

    def __str__(self):
        return self.text


class SamplePage(PluginPage):
    template = "sample/page.html"

    class Meta:
        verbose_name = _("样例页")


@register_setting(icon="cog")
class SampleSettings(PluginSettings):
    youngest = models.PositiveSmallIntegerField(_("最小年龄"), default=0)

    class Meta:
        verbose_name = _("样例设置")

"""What the search of courses looks into, and the words that mean the same. Shared tables."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.directory.models import CourseListing
from courses.finding.text import tidy, words_of_group
from tenants.models import Tenant


class Synonyms(models.Model):
    """Words for the same thing, as the centre knows people to say them: 电商/网店."""

    centre = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    words = models.CharField(
        _("同义词"), max_length=200, help_text=_("用“/”隔开，例如 汽修/汽车维修/修车")
    )

    class Meta:
        verbose_name = _("同义词")
        verbose_name_plural = _("同义词")
        ordering = ["words", "id"]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        super().clean()
        found = words_of_group(self.words)
        if len(found) < 2:
            raise ValidationError(
                {"words": "请至少写两个词，用“/”隔开 / give two words at least, with / between"}
            )
        self.words = "/".join(tidy(word) for word in found)


class Entry(models.Model):
    """A listed course as the search reads it (`courses.finding.text.vector_of`). Made of the listing and
    never asked without it: no constraint keeps somebody from emptying the listings first.
    """

    listing = models.OneToOneField(
        CourseListing, on_delete=models.CASCADE, related_name="entry", db_constraint=False
    )
    vector = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="finding_vector")]

    def __str__(self) -> str:
        return str(self.listing_id)

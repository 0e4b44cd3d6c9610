"""How a paper looks: designs that are edited, designs that are frozen, keys that sign papers."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PublishingPanel
from wagtail.images import get_image_model_string
from wagtail.models import DraftStateMixin, Orderable, PreviewableMixin, RevisionMixin

from certificates.designs.design import CLAIMS, SIGNATURES
from certificates.designs.forms import DesignForm
from certificates.models import Certificate
from tenants.append_only import AppendOnly

IMAGE = get_image_model_string()


def every_claim() -> list[str]:
    return list(CLAIMS)


class FrozenDesign(AppendOnly):
    """A design as papers were made by it: never changed, whatever becomes of the edited one.

    `pictures` are its pictures in base 64, by their SHA-256; `digest` is over `facts`.
    """

    digest = models.CharField(max_length=64, unique=True)
    facts = models.JSONField()
    pictures = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.digest[:8]


class CertificateDesign(DraftStateMixin, RevisionMixin, PreviewableMixin, ClusterableModel):  # type: ignore[misc]
    """A design as it is edited. One of a tenant is live: certificates issued from then on take it."""

    class Paper(models.TextChoices):
        A4 = "a4", _("A4 横向")
        A5 = "a5", _("A5 横向")
        CARD = "card", _("卡片 86×54 毫米")

    class Colour(models.TextChoices):
        RED = "red", _("红")
        BLUE = "blue", _("蓝")
        GREEN = "green", _("绿")
        BLACK = "black", _("黑")

    class Seal(models.TextChoices):
        DRAWN = "drawn", _("按基地名称绘制")
        PICTURE = "picture", _("用图片")
        NONE = "none", _("不印")

    name = models.CharField(_("版式名称"), max_length=60)
    paper = models.CharField(_("纸张"), max_length=4, choices=Paper.choices, default=Paper.A4)
    bilingual = models.BooleanField(_("中英双语"), default=True)
    title = models.CharField(
        _("证书标题"),
        max_length=20,
        default="培训合格证书",
        validators=[MinLengthValidator(2)],
        help_text=_("只能是培训合格类证书，不能写成职业资格证书或技能等级证书"),
    )
    title_en = models.CharField(
        _("英文标题"), max_length=60, default="Certificate of Training", blank=True
    )
    colour = models.CharField(_("颜色"), max_length=8, choices=Colour.choices, default=Colour.RED)
    logo = models.ForeignKey(
        IMAGE, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("标志"),
    )  # fmt: skip
    seal = models.CharField(_("印章图样"), max_length=8, choices=Seal.choices, default=Seal.DRAWN)
    seal_picture = models.ForeignKey(
        IMAGE, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("印章图片"),
    )  # fmt: skip
    photo = models.BooleanField(_("印学员照片"), default=True)
    shown = models.JSONField(
        _("表格中的内容"),
        default=every_claim,
        help_text=_(
            "未选的内容以小字印在表格下方，一项也不会少；卡片上至多再加三项，其余只在扫码页显示"
        ),
    )
    note = models.CharField(_("页脚附注"), max_length=80, blank=True)
    #: What was published last, as papers are made by it.
    frozen = models.ForeignKey(
        FrozenDesign, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("paper"), FieldPanel("bilingual")], heading=_("版式")
        ),
        MultiFieldPanel(
            [FieldPanel("title"), FieldPanel("title_en"), FieldPanel("colour"), FieldPanel("logo")],
            heading=_("标题"),
        ),
        MultiFieldPanel([FieldPanel("seal"), FieldPanel("seal_picture")], heading=_("印章图样")),
        MultiFieldPanel(
            [FieldPanel("photo"), FieldPanel("shown"), FieldPanel("note")], heading=_("内容")
        ),
        InlinePanel("signatures", heading=_("签名"), max_num=SIGNATURES),
        PublishingPanel(),
    ]
    base_form_class = DesignForm

    class Meta:
        verbose_name = _("证书版式")
        verbose_name_plural = _("证书版式")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError for what would be no training certificate, or no picture."""
        from certificates.designs.services import pictures, words

        super().clean()
        words.refuse(self.title + self.title_en + self.note)
        if self.seal == self.Seal.PICTURE and self.seal_picture is None:
            raise ValidationError(
                {"seal_picture": "请选择印章图片，或改为绘制 / choose a picture of the seal"}
            )
        for field in ("logo", "seal_picture"):
            pictures.refuse(getattr(self, field), field)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        """The sample paper: drawn by the worker, shown when it is there."""
        from certificates.designs.views import preview

        return preview(request, self)


class DesignSignature(Orderable):  # type: ignore[misc]
    design = ParentalKey(CertificateDesign, on_delete=models.CASCADE, related_name="signatures")
    name = models.CharField(_("姓名"), max_length=20)
    title = models.CharField(_("职务"), max_length=20, blank=True)
    picture = models.ForeignKey(
        IMAGE, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("签名图片"),
    )  # fmt: skip

    panels = [FieldPanel("name"), FieldPanel("title"), FieldPanel("picture")]

    class Meta(Orderable.Meta):  # type: ignore[misc]
        verbose_name = _("签名")
        verbose_name_plural = _("签名")

    def __str__(self) -> str:
        return f"{self.title} {self.name}"

    def clean(self) -> None:
        from certificates.designs.services import pictures, words

        super().clean()
        words.refuse(self.name + self.title)
        pictures.refuse(self.picture, "picture")


class PaperDesign(AppendOnly):
    """Which frozen design a certificate's paper is made by: written with the certificate."""

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, related_name="paper_design"
    )
    design = models.ForeignKey(FrozenDesign, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.design_id}"


class PaperSigningKey(models.Model):
    """The key by which this base signs the PDFs of a year; the private half is sealed."""

    year = models.PositiveSmallIntegerField(unique=True)
    certificate = models.BinaryField()
    private_sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.year)


class PreviewWish(models.Model):
    """The sample paper that an editor last asked for: an older wish is not drawn any more."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest[:8]

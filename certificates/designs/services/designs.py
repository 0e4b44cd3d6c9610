"""Which design a certificate gets, and that it keeps it."""

from typing import Any

from django.db import transaction

from certificates.designs.design import BUILT_IN, SIGNATURES, Design, Signature
from certificates.designs.models import CertificateDesign, FrozenDesign, PaperDesign
from certificates.designs.services import pictures
from certificates.designs.shared.models import CentreDesign
from certificates.models import Certificate
from tenants.current import current_tenant, is_type

Kept = tuple[Design, dict[str, bytes]]


def facts_of(edited: CertificateDesign) -> Kept:
    """The design and its pictures as they are printed. Raises ValidationError for no picture."""
    found: dict[str, bytes] = {}
    signatures = tuple(
        Signature(each.name, each.title, pictures.named(each.picture, found))
        for each in edited.signatures.all()[:SIGNATURES]
    )
    drawn_by_picture = edited.seal == CertificateDesign.Seal.PICTURE
    design = Design(
        paper=edited.paper,
        bilingual=edited.bilingual,
        title=edited.title,
        title_en=edited.title_en,
        colour=edited.colour,
        logo=pictures.named(edited.logo, found),
        seal=edited.seal,
        seal_picture=pictures.named(edited.seal_picture, found) if drawn_by_picture else "",
        photo=edited.photo,
        shown=tuple(edited.shown),
        note=edited.note,
        signatures=signatures,
    )
    return design, found


def _kept(design: Design, packed: dict[str, str]) -> FrozenDesign:
    FrozenDesign.objects.bulk_create(
        [FrozenDesign(digest=design.digest(), facts=design.as_json(), pictures=packed)],
        ignore_conflicts=True,
    )
    return FrozenDesign.objects.get(digest=design.digest())


def current() -> FrozenDesign:
    """The tenant's live design; else what its centre has published; else the built-in one."""
    live = CertificateDesign.objects.filter(live=True, frozen__isnull=False)
    if own := live.select_related("frozen").order_by("-last_published_at").first():
        return own.frozen
    lent = CentreDesign.objects.filter(tenant_id=current_tenant().centre_id).first()
    if lent is not None:
        return _kept(Design.from_json(lent.facts), lent.pictures)
    return _kept(BUILT_IN, {})


@transaction.atomic
def freeze(certificate: Certificate) -> FrozenDesign:
    """Write down the design that is current now as the certificate's own, once and for all."""
    kept = PaperDesign.objects.filter(certificate=certificate).select_related("design").first()
    if kept is None:
        kept = PaperDesign.objects.create(certificate=certificate, design=current())
    return kept.design


def unpack(kept: FrozenDesign) -> Kept:
    """The design, and its pictures by their names."""
    return Design.from_json(kept.facts), pictures.unpacked(kept.pictures)


@transaction.atomic
def take_into_use(published: CertificateDesign) -> None:
    """What follows a publication: the others are withdrawn; a centre's is lent to its bases."""
    design, found = facts_of(published)
    kept = _kept(design, pictures.packed(found))
    CertificateDesign.objects.filter(pk=published.pk).update(frozen=kept)
    for other in CertificateDesign.objects.filter(live=True).exclude(pk=published.pk):
        other.unpublish(log_action=True)
    if is_type("centre"):
        CentreDesign.objects.update_or_create(
            tenant=current_tenant(),
            defaults={
                "digest": kept.digest,
                "facts": kept.facts,
                "pictures": kept.pictures,
            },
        )


def withdraw(unpublished: Any) -> None:
    """A centre that has no live design lends none."""
    if is_type("centre") and not CertificateDesign.objects.filter(live=True).exists():
        CentreDesign.objects.filter(tenant=current_tenant()).delete()

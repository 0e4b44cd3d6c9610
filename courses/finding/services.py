"""Keep the entries of the search, and find listings by words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import BooleanField, F, FloatField, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast

from courses.directory.models import CourseListing
from courses.finding.models import Entry, Synonyms
from courses.finding.queries import Reading, readings
from courses.finding.text import tidy, vector_of, words_of_group
from tenants.models import Division, Tenant, Trade

#: Of title, trade, level and place, and summary: {D, C, B, A} as ts_rank has them.
YES = BooleanField()
WEIGHTS = "{0.1, 0.3, 0.6, 1.0}"


@dataclass(frozen=True)
class Found:
    """`listings` in order of fitness; `kind` says how the query had to be read (`Reading.kind`), and
    `marks` are the words to highlight.
    """

    listings: QuerySet[CourseListing]
    kind: str = "said"
    marks: tuple[str, ...] = field(default=())

    @property
    def guessed(self) -> bool:
        """Nothing was found of what was said, only of what may have been meant."""
        return self.kind in ("sounds", "slip")


def write_entry(listing: CourseListing, summary: str) -> None:
    """Write anew what the listing is found by. Call it in the transaction that writes the listing."""
    towns = [town.name for town in listing.townships.all()]
    fields = [
        (f"{listing.title} {listing.title_en}", "A"),
        (f"{listing.trade.name} {listing.trade.name_en}", "B"),
        (f"{listing.level} {listing.level_en}", "C"),
        (f"{listing.place} {' '.join(towns)} {listing.tenant.name}", "C"),
        (summary, "D"),
    ]
    write_vectors({listing.pk: vector_of(fields)})


def write_vectors(vectors: dict[int, str]) -> None:
    """Write entries of listings by their keys."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {Entry._meta.db_table} (listing_id, vector) VALUES (%s, %s::tsvector)"
            " ON CONFLICT (listing_id) DO UPDATE SET vector = EXCLUDED.vector",
            list(vectors.items()),
        )


def find(listings: QuerySet[CourseListing], query: str, centre: int | None) -> Found:
    """Those of `listings` that the query means, the best first; all of them for an empty query.

    `centre` is the key of the tenant whose synonyms count.
    """
    if not tidy(query):
        return Found(listings.order_by("title", "id"))
    for reading in readings(query, groups_of(centre), known_words()):
        found = _ranked(listings, reading)
        if found.exists():
            return Found(found, reading.kind, reading.marks)
    return Found(listings.none())


def _ranked(listings: QuerySet[CourseListing], reading: Reading) -> QuerySet[CourseListing]:
    asked, vector = _typed(reading.tsquery, "tsquery"), F("entry__vector")
    hit = Func(vector, asked, template="%(expressions)s", arg_joiner=" @@ ", output_field=YES)
    rank = Func(_typed(WEIGHTS, "real[]"), vector, asked, Value(1), function="ts_rank")
    matching = listings.filter(hit).annotate(fitness=Cast(rank, FloatField()))
    return matching.order_by("-fitness", "title", "id")


def _typed(value: str, name: str) -> Func:
    return Func(Value(value), template=f"%(expressions)s::{name}", output_field=TextField())


def groups_of(centre: int | None) -> list[list[str]]:
    """The centre's groups of synonyms, each as its words."""
    rows = Synonyms.objects.filter(centre_id=centre).values_list("words", flat=True)
    return [words_of_group(words) for words in rows]


def known_words() -> Iterable[str]:
    """Trades, and the townships where classes are: never cut."""
    yield from Trade.objects.values_list("name", flat=True)
    towns = Division.objects.filter(courselisting__isnull=False).distinct()
    yield from towns.values_list("name", flat=True)


def synonyms_of(tenant: Tenant) -> int | None:
    """Whose synonyms count on the tenant's site: its centre's, or its own."""
    return tenant.centre_id or tenant.pk


def add_first_synonyms(centre: Tenant, groups: Sequence[str]) -> None:
    """Give a centre that has none the words that it begins with."""
    if not Synonyms.objects.filter(centre=centre).exists():
        Synonyms.objects.bulk_create(Synonyms(centre=centre, words=words) for words in groups)

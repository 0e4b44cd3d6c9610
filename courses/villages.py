"""Find a village by what people write."""

import re

from courses.roster.places import plain_village, village_stem
from tenants.models import Division


def find_villages(text: str) -> list[Division]:
    """The villages that `text` may mean: a 12-digit code, `村`, or `乡镇 村`.

    A full name goes before a bare one, as in a roster.
    """
    text = re.sub(r"\s+", " ", text.strip())
    villages = Division.objects.filter(level="village").select_related("parent__parent")
    if re.fullmatch(r"[0-9]{12}", text):
        return list(villages.filter(code=text))
    *township, village = text.split(" ")
    if township:
        villages = villages.filter(parent__name__startswith=township[-1])
    wanted = plain_village(village)
    stem = village_stem(wanted)
    if not stem:
        return []
    found = list(villages.filter(name__startswith=stem)[:200])
    exact = [v for v in found if plain_village(v.name) == wanted]
    return exact or [v for v in found if village_stem(plain_village(v.name)) == stem]


def written(village: Division) -> str:
    """As the field takes it and shows it."""
    return f"{village.parent.name} {village.name}" if village.parent else village.name

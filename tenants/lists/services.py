"""Keep a view, name it anew, share it, forget it; remember columns. Everybody their own."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from tenants.lists.models import ListMemory, SavedView
from tenants.staff.models import User

MOST_VIEWS = 30  # of one person and one list: more are no tabs


def views_of(user: User, name: str) -> QuerySet[SavedView]:
    """A person's own, and those that colleagues share."""
    found = SavedView.objects.filter(of_list=name).filter(Q(owner=user) | Q(shared=True))
    return found.select_related("owner")


def own_view(user: User, name: str, pk: str) -> SavedView:
    """Raises ValidationError where it is nobody's, or somebody else's: both alike."""
    mine = SavedView.objects.filter(owner=user, of_list=name)
    found = mine.filter(pk=int(pk)).first() if _is_key(pk) else None
    if found is None:
        raise ValidationError(
            "没有这个视图，或者它是别人的 / there is no such view, or it is somebody else's"
        )
    return found


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def memory_of(user: User, name: str) -> ListMemory:
    found = ListMemory.objects.filter(user=user, of_list=name).select_related("opens_with").first()
    return found or ListMemory(user=user, of_list=name)


def remember_columns(user: User, name: str, columns: list[str]) -> None:
    """None of them: as the list itself has them."""
    ListMemory.objects.update_or_create(user=user, of_list=name, defaults={"columns": columns})


def save_view(
    user: User, name: str, title: str, query: str, columns: list[str], shared: bool
) -> SavedView:
    """A view of this name is written over. Raises ValidationError."""
    title = title.strip()
    if not title:
        raise ValidationError("请写视图的名称 / name the view")
    if len(title) > 40 or len(query) > 1000:
        raise ValidationError("名称或者筛选条件太长 / the name or the filter is too long")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two tabs that save count together
        mine = SavedView.objects.filter(owner=user, of_list=name)
        if not mine.filter(name=title).exists() and mine.count() >= MOST_VIEWS:
            raise ValidationError(
                "每个列表最多保存 30 个视图，请先删除不用的"
                " / a list has 30 views of yours at most: delete one first"
            )
        kept = {"query": query, "columns": columns, "shared": shared}
        return mine.update_or_create(name=title, owner=user, of_list=name, defaults=kept)[0]


def rename_view(view: SavedView, title: str, shared: bool) -> None:
    view.name, view.shared = title.strip(), shared
    if not view.name or len(view.name) > 40:
        raise ValidationError("视图名称须有 1 至 40 个字 / a name has 1 to 40 characters")
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise ValidationError("您已有同名的视图 / you have a view of that name already") from None


def opens_with(user: User, name: str, view: SavedView | None) -> None:
    ListMemory.objects.update_or_create(user=user, of_list=name, defaults={"opens_with": view})

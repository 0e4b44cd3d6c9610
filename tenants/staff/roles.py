"""Which roles there are. What each may do is composed in `lms.roles`.

The key is for code; the title names the group that Wagtail shows.
"""

AT_BASE = {
    "manager": "管理员",
    "clerk": "教务员",
    "trainer": "培训教师",
    "examiner": "考评员",
    "liaison": "村联络员",
}
AT_CENTRE = {
    "director": "中心主任",
    "officer": "中心工作人员",
    "township_officer": "乡镇工作人员",
}
TITLES = AT_BASE | AT_CENTRE
ENGLISH = {
    "manager": "Manager",
    "clerk": "Clerk",
    "trainer": "Trainer",
    "examiner": "Examiner",
    "liaison": "Village liaison",
    "director": "Director of the centre",
    "officer": "Officer of the centre",
    "township_officer": "Township officer",
}
#: Who gets the first account of a tenant, and gives out the others.
FIRST = {"base": "manager", "centre": "director"}


def roles_of(kind: str) -> dict[str, str]:
    """The roles that staff of a tenant of that type may hold: key -> title."""
    return AT_CENTRE if kind == "centre" else AT_BASE

"""What each figure is called, and how it is defined: on pages, in Excel and in reports the same."""

from django.utils.translation import gettext_lazy as _

TITLES = {
    "enrolled": _("报名"),
    "trained": _("培训合格学时"),
    "qualified": _("考核合格"),
    "certified": _("已发证"),
    "employed": _("已就业"),
    "unknown": _("去向未知"),
    "unemployed": _("未就业"),
    "studying": _("升学"),
    "not_seeking": _("暂无就业意愿"),
    "not_trained": _("学时未达标"),
    "not_qualified": _("考核未合格"),
    "not_certified": _("合格未发证"),
    "work_local": _("就近就业"),
    "work_outward": _("外出务工"),
    "work_overseas": _("境外就业"),
    "work_self_employed": _("自主创业"),
    "work_flexible": _("灵活就业"),
    "transferred": _("转移就业"),
    "other_work": _("其他就业"),
}
DEFINITIONS = {
    "enrolled": _("在册学员，每班每人计一次"),
    "trained": _("出勤达到本班规则要求"),
    "qualified": _("出勤达标，且理论、实操成绩均及格"),
    "certified": _("持有有效的培训合格证书"),
    "employed": _("已发证，依据最强的去向为在业，且未登记离职"),
    "unknown": _("已发证，去向未知、联系不上、已离职或本人有异议；未知不等于未就业"),
    "unemployed": _("已发证，依据最强的去向为未就业"),
    "studying": _("已发证，依据最强的去向为升学"),
    "not_seeking": _("已发证，本人暂无就业意愿"),
}
RATES = {
    "trained": (_("学时达标率"), _("培训合格学时 ÷ 报名")),
    "qualified": (_("考核合格率"), _("考核合格 ÷ 培训合格学时")),
    "certified": (_("发证率"), _("已发证 ÷ 考核合格")),
    "known": (_("去向已知率"), _("去向已知的 ÷ 已发证")),
    "employed": (_("就业率"), _("已就业 ÷ 已发证；去向未知的在分母里，不算未就业")),
}
EVIDENCE = {
    "document": _("书面材料"),
    "employer_confirmed": _("用人单位确认"),
    "liaison_call": _("联络员电话"),
    "self_reported": _("本人自述"),
}
DIMENSIONS = {
    "base": _("培训基地"),
    "trade": _("工种"),
    "township": _("乡镇"),
    "month": _("结业月份"),
    "programme": _("资金项目"),
    "place": _("就业地"),
    "class": _("班次"),
    "months": _("近 24 个月"),
    "years": _("各年度比较"),
}

"""What the demo is made of. All bodies, people and numbers are invented."""

from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DIVISIONS = HERE.parent.parent / "courses" / "data" / "divisions-yanbian.csv"
PASSWORD = "demo-2026"
#: The second factor of all demo accounts; `manage.py demo_code` shows its code of the moment.
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

TRADES = [
    ("security-guard", "保安", "Security guard"),
    ("sewing", "缝纫裁剪", "Sewing and cutting"),
    ("catering", "餐饮服务", "Catering service"),
    ("computer", "计算机操作", "Computer operation"),
]
RULE_SETS = [
    # version, from, to, document, total, theory, practice, pass theory, pass practice
    (1, "2025-01-01", "2025-12-31", "示范劳转〔2025〕2号", 80, 70, 80, 60, 60),
    (2, "2026-01-01", None, "示范劳转〔2026〕3号", 90, 80, 90, 60, 60),
]
CENTRE: dict[str, Any] = {
    "slug": "centre",
    "name": "示范市农村劳动力转移服务中心",
    "name_en": "Demonstration City Rural Labour Transfer Service Centre",
    "uscc": "12222400MB00000014",
    "division": "222401",
    "phone": "0433-5550100",
    "address": "延吉市示范路 1 号",
}
BASES: list[dict[str, Any]] = [
    {
        "slug": "dunhua",
        "name": "敦化示范职业培训基地",
        "name_en": "Dunhua Demonstration Training Base",
        "uscc": "52222403MJ0000011T",
        "division": "222403",
        "phone": "0433-5550211",
        "address": "敦化市示范街 12 号",
        "roster": "roster-sewing.xlsx",
        "finished": "sewing",
        "document": "示范劳认〔2025〕1号",
        "seed": 11,
    },
    {
        "slug": "helong",
        "name": "和龙示范技能培训基地",
        "name_en": "Helong Demonstration Skills Base",
        "uscc": "52222406MJ0000022A",
        "division": "222406",
        "phone": "0433-5550322",
        "address": "和龙市示范路 8 号",
        "roster": "roster-catering.xlsx",
        "finished": "catering",
        "document": "示范劳认〔2025〕2号",
        "seed": 22,
    },
]
#: trade, project name, English name, level, theory hours, practice hours
PROJECTS = [
    ("security-guard", "保安员上岗培训", "Security guard induction", "induction", 24, 16),
    ("sewing", "缝纫裁剪初级班", "Sewing and cutting, elementary", "elementary", 16, 44),
    ("catering", "餐饮服务员初级班", "Catering service, elementary", "elementary", 16, 32),
    ("computer", "计算机操作基础班", "Computer operation, basic", "basic", 20, 40),
]
#: trade -> places a year, class hours from and to, as the demo's designations have them
TERMS = {
    "security-guard": (200, 40, 80),
    "sewing": (300, 40, 120),
    "catering": (240, 40, 96),
    "computer": (160, 40, 80),
}
SUMMARIES = {
    "security-guard": "学会门岗、巡逻、消防器材使用和应急处置，结业后可应聘小区、园区、商场保安。",
    "sewing": "从认识面料、量体裁剪到平缝机操作，能独立做成一件上衣，结业后可进服装厂或在家接活。",
    "catering": "学会摆台、点菜、上菜、收银和食品卫生，结业后可应聘饭店、酒店、食堂服务员。",
    "computer": "从开机打字到表格、网店后台，结业后可从事录入、客服和村务资料工作。",
}
#: trade -> units of (title, theory hours, practice hours, content); hours add up to the project's
SYLLABUS = {
    "security-guard": [
        ("职业守则与法律常识", 8, 0, "保安服务管理条例、治安管理处罚法要点、文明执勤用语"),
        ("门岗与巡逻", 8, 6, "人员车辆登记、巡逻路线、交接班记录"),
        ("消防与应急", 6, 6, "灭火器、消火栓使用，疏散引导，报警"),
        ("体能与防卫", 2, 4, "队列、基本防卫动作、橡胶棍使用规定"),
    ],
    "sewing": [
        ("面料与工具", 6, 4, "常用面料识别、缝纫工具、安全用电"),
        ("量体与制图", 6, 10, "量体方法、原型制图、放缝份"),
        ("裁剪", 2, 10, "排料、划样、裁剪"),
        ("平缝机与成衣", 2, 20, "直线、曲线、锁边、上领、上袖、整烫"),
    ],
    "catering": [
        ("食品安全与礼仪", 8, 2, "健康证、个人卫生、服务用语"),
        ("摆台与托盘", 2, 10, "中餐摆台、折花、托盘行走"),
        ("点菜与席间服务", 4, 14, "点菜、上菜、分菜、酒水"),
        ("收银与投诉处理", 2, 6, "结账、发票、投诉处理"),
    ],
    "computer": [
        ("开机与打字", 4, 10, "键盘指法、拼音输入、文件夹"),
        ("文字与表格", 8, 16, "文档排版、表格、简单公式"),
        ("上网与安全", 4, 4, "浏览器、密码、防诈骗"),
        ("网店后台", 4, 10, "商品上架、图片处理、订单与客服"),
    ],
}

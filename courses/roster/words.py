"""What a roster may call its columns, and what the reader says about rows and files.

Every saying is a pair (zh, en).
"""

from typing import Final

Words = tuple[str, str]

SYNONYMS: Final = {
    "name": {"姓名", "学员姓名", "name"},
    "sex": {"性别", "sex"},
    "resident_id": {"身份证号码", "身份证号", "身份证", "公民身份号码", "证件号码", "residentid"},
    "phone": {"联系电话", "电话", "手机", "手机号", "手机号码", "phone"},
    "county": {"县市", "县(市)", "县区", "区县", "县(市、区)", "县(市)区", "county"},
    "township": {"乡镇", "乡(镇)", "乡(镇、街道)", "township"},
    "village": {"村", "行政村", "村委会", "village"},
}

REJECTIONS: Final[dict[str, Words]] = {
    "name_missing": ("缺少姓名，请补填", "name missing"),
    "name_digits": ("姓名是数字，请核对", "name is a number"),
    "name_signs": (
        "姓名里有符号，像公式或网页代码，请改为汉字",
        "the name has signs like a formula or code: write it in letters",
    ),
    "name_long": ("姓名超过 60 字，请核对", "name longer than 60 characters"),
    "id_missing": ("缺少身份证号码，请补填", "resident ID missing"),
    "id_15_digits": (
        "15 位身份证自 2013 年起停用，请用 18 位",
        "15-digit resident ID, obsolete since 2013",
    ),
    "id_format": ("身份证号码应为 18 位", "resident ID must have 18 characters"),
    "id_province": ("身份证省份代码不存在", "resident ID province"),
    "id_birth_date": ("身份证出生日期不存在", "resident ID birth date"),
    "id_check_digit": ("身份证校验码不符，请核对", "resident ID check digit"),
    "id_number_cell": (
        "身份证以数字格式保存，末位已丢失，请改为文本后重填",
        "resident ID stored as a number, digits lost",
    ),
    "already_in_class": ("已在本班，无需再导入", "already enrolled in this class"),
    "waiting_here": (
        "已在本班候补名单，请在班次页递补",
        "on this class's waiting list: admit from the page of the class",
    ),
    "left_this_class": (
        "曾从本班退班或转班，如要回来请在班次页恢复",
        "left this class before: take back on the page of the class",
    ),
    "known_other_name": (
        "该身份证在本基地登记为其他姓名，请核对",
        "this resident ID is registered here under another name",
    ),
    "duplicate_same_name": (
        "与前面一行重复（同号同名）",
        "duplicate of an earlier row (same resident ID, same name)",
    ),
    "duplicate_other_name": (
        "与前面一行身份证相同、姓名不同",
        "duplicate of an earlier row (same resident ID, another name)",
    ),
    "under_age": ("未满 16 周岁", "under the minimum age of 16"),
}
WARNINGS: Final[dict[str, Words]] = {
    "sex_mismatch": ("性别与身份证不一致", "sex column disagrees with the resident ID"),
    "id_county": (
        "身份证前六位的县区代码查不到，请核对",
        "county code of the resident ID is not known",
    ),
    "phone_format": ("联系电话不像手机或座机号码", "phone number looks wrong"),
    "village_unknown": ("该乡镇没有这个村，导入后村为空", "village not found in the township"),
    "village_ambiguous": (
        "有几个同名的村，请填写县市或村的全称",
        "several villages of this name, give the county or the full name",
    ),
}
#: Said of a row that can be imported: what the reader mended or what deserves a look.
NOTES: Final[dict[str, Words]] = {
    "known_person": ("本基地已有此人，将关联", "already known at this base, will be linked"),
    "id_full_width": ("全角数字已转为半角", "normalised full-width digits"),
    "id_spaces": ("已去掉号码中的空格", "normalised spaces"),
    "id_lower_x": ("小写 x 已改为大写", "lower-case x"),
    "name_space": ("姓名中有空格", "space inside the name"),
    "name_middle_dot": ("姓名含间隔号", "name with a middle dot"),
    "name_rare": ("姓名含生僻字", "rare characters"),
    "village_suffix": ("村名带有村民委员会", "village written with its committee suffix"),
}
#: What rests on the base's records and may be otherwise later.
OF_THE_BASE: Final = frozenset(
    ["already_in_class", "waiting_here", "left_this_class", "known_other_name", "known_person"]
)
REASONS: Final = REJECTIONS | WARNINGS | NOTES

#: Why a whole file cannot be read, and what the clerk can do.
FILE_FAULTS: Final[dict[str, Words]] = {
    "empty": ("文件是空的，请重新选择。", "The file is empty; choose it again."),
    "too_big": (
        "文件超过 10 MB，请删去图片和其他工作表后再上传。",
        "The file is larger than 10 MB; remove pictures and other sheets, then upload it again.",
    ),
    "too_big_unpacked": (
        "文件解压后过大，请删去多余的空行、空列和其他工作表后再上传。",
        "The file is too large when unpacked; remove spare rows, columns and other sheets.",
    ),
    "too_many_rows": (
        "一次最多导入 10000 行，请分成几个文件。",
        "At most 10,000 rows can be imported at once; split the file.",
    ),
    "password": (
        "文件设有打开密码，请在 Excel 或 WPS 中取消密码后另存为 .xlsx 再上传。",
        "The file is protected by a password; remove it in Excel or WPS and save it as .xlsx.",
    ),
    "old_format": (
        "这是旧版 .xls 或 WPS 的 .et、.wps 文件，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。",
        "This is an .xls or a WPS .et or .wps file; open it in Excel or WPS and save it as .xlsx.",
    ),
    "text": (
        "这是文本或网页文件（如 .csv），请在 Excel 中导入，身份证列选“文本”，再另存为 .xlsx 上传。",
        "This is text (such as .csv); import it in Excel, resident ID as text, save it as .xlsx.",
    ),
    "broken": (
        "文件已损坏，或不是 xlsx 工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。",
        "The file is damaged or no xlsx workbook; open it in Excel or WPS and save it as .xlsx.",
    ),
    "no_header": (
        "没有找到含“姓名”和“身份证号码”的表头，请检查文件。",
        "No header with 姓名 and 身份证号码 was found; check the file.",
    ),
}

#: Titles of the two columns added to an error workbook, and what the first of them says.
ADDED_COLUMNS: Final = ("核对结果/Result", "原因/What to do")
VERDICTS: Final[dict[str, Words]] = {
    "accept": ("可以导入", "can be imported"),
    "warn": ("可以导入，请先核对", "can be imported, check it first"),
    "reject": ("不能导入，请修改", "cannot be imported, mend it"),
}

from datetime import date

from certificates.claims import Claims

CLAIMS = Claims(
    number="22240301-2026-00001",
    code="7K3M9Q2X4T6W8Y0Z1A5C",
    holder_name="阿卜杜热合曼·买买提",
    project_name="缝纫裁剪初级班",
    project_name_en="Sewing and cutting, elementary",
    level="初级",
    theory_hours="16",
    practice_hours="44",
    started_on=date(2026, 9, 1),
    ended_on=date(2026, 9, 20),
    issued_on=date(2026, 9, 23),
    class_code="S2-2026-01",
    base_name="敦化示范职业培训基地",
    base_uscc="52222403MJ0000011T",
    centre_name="示范市农村劳动力转移服务中心",
    rule_document="示范劳转〔2026〕3号 v2",
    theory_score="85.5",
    practice_score="91.0",
)
URL = "https://centre.example.cn/c/7K3M9Q2X4T6W8Y0Z1A5C"

"""What can be asked about a session's log: one word for each question, and how heavy it weighs.

A flag asks a person to look. It takes no hours from anybody and forbids nothing by itself: villages
have poor positions, slow clocks and honest reasons.
"""

from dataclasses import dataclass

#: Weights: a remark changes no grade; the others set the best grade that is left.
REMARK, LITTLE, MUCH, GRAVE = 0, 1, 2, 3
Flag = list[str]  # [code, detail]


@dataclass(frozen=True)
class Asked:
    """A flag's name and what it asks, in Chinese and English."""

    weight: int
    zh: str
    en: str
    why_zh: str
    why_en: str


FLAGS: dict[str, Asked] = {
    "chain_wrong": Asked(
        GRAVE, "记录链断裂", "broken chain",
        "手机上一条记录的摘要对不上：可能有人改过或丢过记录。请核对手机和收执码。",
        "an event does not name the one before it: something was changed or lost; compare the phone and"
        " the witness code",
    ),
    "chain_forked": Asked(
        GRAVE, "同一序号有两条记录", "two histories of one phone",
        "同一部手机用同一序号写了两条不同的记录，多半是数据被复制或还原过。两条都保留，逐人裁定。",
        "one phone has used a number twice, mostly after its data were copied or put back; both are"
        " kept: decide each mark",
    ),
    "unsettled": Asked(
        GRAVE, "服务器算不出", "could not be worked out",
        "服务器整理这次课时出错，记录都在，暂无考勤。请报告服务器版本；升级后重建考勤。",
        "the server failed on this session; all that was said is kept, but there are no marks: report the"
        " server's version, upgrade, then rebuild the projection",
    ),
    "clock_wrong": Asked(
        GRAVE, "手机时钟不可信", "impossible clock",
        "手机时间早于上次联系或晚于到达时间，时间只能按区间估计。请问教师何时上的课。",
        "the phone's time lies outside of what is possible: ask when the session was held",
    ),
    "device_revoked": Asked(
        GRAVE, "停用后的手机", "revoked phone",
        "记录写于手机停用（如遗失）之后。请确认是谁写的。",
        "written after the phone was revoked: find out by whom",
    ),
    "impossible_presence": Asked(
        GRAVE, "学员同时在两处", "trainee in two places",
        "学员在同一时间还被记到另一次课。争议裁定前不计学时。",
        "the same trainee was marked in another session at the same time: no hours until decided",
    ),
    "present_elsewhere": Asked(
        GRAVE, "学员同时在其他基地", "trainee at another base",
        "按加密比对，同一人在同一时间被另一基地记为到课。请核实本人在哪里；服务中心看得到双方。",
        "by keyed match, another base marked the same person present at the same time: find out where"
        " the person was; the centre sees both",
    ),
    "trainer_two_places": Asked(
        GRAVE, "教师同时在两处", "trainer in two places",
        "同一教师的手机在重叠的时间里记录了另一班的课。请核实谁上的哪一课。",
        "phones of one trainer recorded another class at an overlapping time: find out who taught which",
    ),
    "trainer_elsewhere": Asked(
        GRAVE, "教师同时在其他基地", "trainer at another base",
        "按加密比对，同一教师在同一时间在另一基地授课或听课。请核实谁上的课；服务中心看得到双方。",
        "by keyed match, the trainer taught or was present at another base at the same time: find out who"
        " taught; the centre sees both",
    ),
    "same_slot": Asked(
        GRAVE, "本班两次课时间重叠", "two sessions of the class at once",
        "本班另一次课的实际时间与这次重叠，两次都到课的学员均列为争议，由审核人裁定计哪一次。",
        "another session of this class was held at an overlapping time; whoever is marked in both is"
        " disputed in both: decide which one counts",
    ),
    "photo_repeated": Asked(
        GRAVE, "照片与其他课次相同", "photo of another session",
        "同一个照片文件也用在别的课次。现场照片不可能逐字节相同。",
        "the very same file is named by another session: two photos are never the same byte for byte",
    ),
    "signature_repeated": Asked(
        GRAVE, "签名图像重复", "repeated signature",
        "同一个签名图像用于多人或多次课。手写签名不可能逐字节相同。",
        "one signature image stands for several people or sessions: nobody signs twice the same",
    ),
    "no_picture": Asked(
        MUCH, "照片打不开", "file is no picture",
        "当作现场照片交来的文件不是照片，不算照片。请问教师，并要原照片。",
        "a file that was given as a photo of the session is none, and does not count as one: ask the"
        " trainer for the photo itself",
    ),
    "photo_missing": Asked(
        LITTLE, "照片没有传到", "photo has not arrived",
        "记录提到的照片还没有传到，没到之前不算。手机下次同步会补传；请确认手机还在。",
        "a photo that the log names has not arrived, and does not count until it does: the phone sends it"
        " with its next sync",
    ),
    "photo_twice": Asked(
        REMARK, "同一照片交了两次", "photo given twice",
        "本次课内同一照片文件用了两次，只算一张。",
        "the same file is named twice within the session; it counts as one photo",
    ),
    "too_fast": Asked(
        MUCH, "记录过快", "too many marks a minute",
        "一分钟内的点名、刷卡或签名比人能做到的还多。请问当时怎样点的名。",
        "more marks, scans or signatures within a minute than people can make: ask how it was done",
    ),
    "same_rhythm": Asked(
        MUCH, "间隔完全一致", "all at the same interval",
        "各条考勤的间隔几乎一样，像是程序点的。",
        "the marks follow each other at one interval, as a program makes them",
    ),
    "copied_pattern": Asked(
        MUCH, "与另一次课如出一辙", "copy of another session",
        "同一手机在本班另一次课里以同样的顺序、同样的节奏记了同样的考勤。",
        "the same phone gave the same marks in the same order and rhythm in another session",
    ),
    "roll_call_missed": Asked(
        MUCH, "点名抽查不符", "roll call contradicts",
        "课中抽查时不在的人仍记为全程到课，或抽查在场的人记为缺勤。",
        "people who did not answer the roll call are marked present all the time, or the reverse",
    ),
    "roll_call_unanswered": Asked(
        MUCH, "点名抽查无人应答", "nobody answered the roll call",
        "课中抽查点名没有一人应答。请问当时是否在上课。",
        "nobody was there when the roll was called in mid-session: ask whether it was held",
    ),
    "headcount_differs": Asked(
        MUCH, "人数不符", "headcount differs",
        "关课时数的人数与到课人数（含待登记的临时学员）不同。",
        "the headcount at the close is not the number of people marked present, walk-ins included",
    ),
    "numbers_missing": Asked(
        MUCH, "课中有未到的记录", "numbers have not arrived",
        "这次课中间有序号还没有到。请让教师把手机再同步一次，或交来导出文件。",
        "events inside of the session have not arrived: sync the phone again, or hand in its file",
    ),
    "far_from_village": Asked(
        MUCH, "位置离村很远", "far from the village",
        "手机位置（扣除误差）离本班的村超过允许距离。可能换了地点，请核实。",
        "even allowing for its accuracy the phone was far from the class's village: ask where it was",
    ),
    "outside_class_dates": Asked(
        MUCH, "不在班次日期内", "outside of the class's days",
        "实际上课日期不在开班至结业之间。",
        "held before the class began or after it ended",
    ),
    "outside_designation": Asked(
        MUCH, "不在认定范围内", "outside of the designation",
        "上课当日基地没有对应工种的有效认定，或已被暂停。请联系服务中心。",
        "on that day the base was not designated for the trade, or was suspended: ask the centre",
    ),
    "disputed": Asked(
        LITTLE, "有争议考勤", "disputed marks",
        "有人的考勤说法不一，裁定前不计学时，也不能采信。",
        "words differ about some marks: they count nothing until decided",
    ),
    "not_closed": Asked(
        LITTLE, "没有关课", "not closed",
        "手机没有关课，实际时长不明。", "the phone did not close the session: nobody knows how long it was",
    ),
    "closed_short": Asked(
        LITTLE, "比计划短得多", "much shorter than planned",
        "实际时长明显少于计划，学时以实际为准。", "held much shorter than planned: hours are those held",
    ),
    "not_as_planned": Asked(
        LITTLE, "与计划时间相差很大", "not at the planned time",
        "开课时间与计划相差很大。改期请说明。", "begun far from the planned time: ask why it was moved",
    ),
    "late_sync": Asked(
        LITTLE, "很晚才交来", "arrived late",
        "记录写成很久之后才到。长期无信号可以理解，请问原因。",
        "arrived long after it was written: there may be no signal; ask why",
    ),
    "stale_pack": Asked(
        LITTLE, "名单过旧", "old list",
        "手机带的名单是很久以前下载的，之后的名单变化它不知道。",
        "the phone carried a list that was taken long before: it did not know of later changes",
    ),
    "opened_twice": Asked(
        LITTLE, "两部手机开了课", "opened by two phones",
        "两部手机都开了这次课。请核对双方的名单。", "two phones opened the session: compare what they say",
    ),
    "walk_ins_waiting": Asked(
        LITTLE, "临时学员待登记", "walk-ins are waiting",
        "有人到场但不在名单上。符合条件可登记入班，否则留存。",
        "people came who are not on the list: enrol them when the rules allow, or leave them",
    ),
    "no_photo": Asked(
        LITTLE, "没有现场照片", "no photo",
        "没有一张现场照片。", "no photo of the session",
    ),
    "no_position": Asked(
        REMARK, "没有位置", "no position", "手机没有记下位置，山里常见。",
        "the phone wrote no position, as happens in the hills",
    ),
    "position_vague": Asked(
        REMARK, "位置误差太大", "vague position",
        "位置误差太大，说明不了什么。", "the position is too vague to say anything",
    ),
    "outside_season": Asked(
        REMARK, "不在农闲期", "outside of the off-season",
        "上课日期不在本基地的农闲期内，仅作提醒。", "held outside of the base's off-season: a remark only",
    ),
}  # fmt: skip


def weight_of(flag: Flag) -> int:
    """A code that is not known here weighs as much as any: nobody has said that it may not."""
    known = FLAGS.get(flag[0])
    return known.weight if known else GRAVE

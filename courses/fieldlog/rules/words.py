"""What codes of the field log are called, in Chinese and English, and what to do about them."""

from collections.abc import Callable

Words = tuple[str, str]

#: Why a mark counts nothing.
WHY: dict[str, Words] = {
    "devices_disagree": ("各方说法不一", "words differ"),
    "device_revoked": ("写于手机停用之后", "written after the phone was revoked"),
    "two_places": ("同一时间在另一次课", "in another session at that time"),
    "elsewhere": ("同一时间在其他基地", "at another base at that time"),
    "said_after_decision": ("裁定之后又有不同说法", "contradicted after the decision"),
}
#: How a mark was made.
HOW: dict[str, Words] = {
    "tap": ("点选", "by tap"),
    "card": ("扫卡", "by card"),
    "all": ("其余全到", "all others at once"),
    "desk": ("办公端补记", "at the desk"),
    "paper": ("纸质名单", "on paper"),
    "decision": ("裁定", "decision"),
}
#: What a grade rests on beside flags.
REASONS: dict[str, Words] = {
    "source_desk": (
        "有人的考勤由办公端补记或裁定",
        "some marks were entered or decided at the desk",
    ),
    "source_paper": ("纸质名单尚未会签", "a paper sheet is not countersigned"),
    "countersigned": ("纸质名单已会签", "a countersigned paper sheet"),
}
#: Why an event says nothing, and what to do.
FAULTS: dict[str, Words] = {
    "version_unknown": (
        "应用版本比服务器新。升级服务器后重建考勤即可读出。",
        "written by a newer app: upgrade the server, then rebuild the projection",
    ),
    "kind_unknown": (
        "服务器不认识这类记录。升级服务器后重建考勤即可读出。",
        "a kind that this server does not know: upgrade it, then rebuild the projection",
    ),
    "payload_malformed": (
        "内容不合格式。请教师按自己的记忆或纸质名单在办公端补记，并报告应用版本。",
        "its inside does not fit the protocol: enter it anew at the desk, and report the app's version",
    ),
    "not_on_list": (
        "所记的人不在这次课的班里。请核对班次，必要时由办公端补记。",
        "the person is not in the session's class: check the class, and enter it at the desk",
    ),
    "session_unknown": (
        "没有这次课。可能带错了名单，请在办公端补记到正确的课次。",
        "there is no such session: enter it at the desk in the right one",
    ),
    "minutes_impossible": (
        "分钟数与考勤不符。请问教师实际时长，在办公端补记。",
        "the minutes do not go with the mark: ask the trainer, and enter it at the desk",
    ),
    "unreadable": (
        (
            "服务器处理这条记录时出错，原文已保存，其他记录不受影响。请报告应用和服务器的版本；升级服务器后"
            "重建考勤即可读出，急需时由办公端补记。"
        ),
        (
            "the server failed on it; it is kept, and the others are read: report both versions; upgrade, then"
            " rebuild the projection, or enter it at the desk meanwhile"
        ),
    ),
    "seal_broken": (
        "封存打不开，内容被改动或损坏。请让手机再同步一次，或交来导出文件。",
        "the seal does not open, the content was changed or damaged: sync again, or hand in the file",
    ),
    "key_unknown": (
        "封存所用的公钥不属于本基地。可能恢复了旧备份，请找回密钥。",
        "sealed to a key that this base does not have: restore the keys from the backup",
    ),
}
#: Why bytes are kept apart, and what to do.
QUARANTINE: dict[str, Words] = {
    "not_an_event": (
        "不是考勤记录。多半是传错的文件；如来自正式应用，请报告。",
        "no event at all: mostly a wrong file; report it when it came from the app",
    ),
    "too_large": (
        "单条超过 32 KB。请报告应用版本。",
        "larger than 32 KB: report the app's version",
    ),
    "unknown_device": (
        "本基地没有登记这部手机。确认是谁的手机；登记恢复后再交一次即可收下。",
        "no phone of this base: find out whose it is; once it is known again, hand in once more",
    ),
    "bad_signature": (
        "签名不对，不是这部手机写的，或传输中被改动。请从手机再交一次。",
        "the signature is wrong: not written by that phone, or changed on the way; hand in once more",
    ),
}
KINDS: dict[str, Words] = {
    "session_opened": ("开课", "opened"),
    "mark": ("考勤", "mark"),
    "signature": ("签名", "signature"),
    "walk_in": ("临时学员", "walk-in"),
    "roll_call": ("点名抽查", "roll call"),
    "photo": ("照片", "photo"),
    "position": ("位置", "position"),
    "session_closed": ("关课", "closed"),
    "session_reopened": ("重新开课", "reopened"),
    "note": ("备注", "note"),
    "loss": ("丢失声明", "loss"),
    "decision": ("裁定", "decision"),
    "review": ("审核", "review"),
    "paper_sheet": ("纸质名单", "paper sheet"),
    "countersign": ("会签", "countersignature"),
}

#: What a count counts, by the flag that gives it: (zh, en of one, en of many).
COUNTED: dict[str, tuple[str, str, str]] = {
    **dict.fromkeys(
        (
            "disputed", "impossible_presence", "present_elsewhere", "walk_ins_waiting", "roll_call_missed",
        ),
        ("人", "person", "people"),
    ),
    **dict.fromkeys(
        ("photo_missing", "no_picture", "photo_twice", "photo_repeated"), ("张", "photo", "photos")
    ),
    "signature_repeated": ("个签名图像", "signature", "signatures"),
    "numbers_missing": ("条", "number", "numbers"),
    "opened_twice": ("部手机", "phone", "phones"),
    "trainer_elsewhere": ("次课", "session", "sessions"),
}  # fmt: skip
UNITS: dict[str, tuple[str, str, str]] = {
    "d": ("天", "day", "days"),
    "h": ("小时", "hour", "hours"),
    "km": ("公里", "km", "km"),
    "tap": ("次点名", "mark by tap", "marks by tap"),
    "card": ("次刷卡", "card", "cards"),
    "signature": ("个签名", "signature", "signatures"),
}
#: Why a day is not within the designation.
NOT_DESIGNATED: dict[str, Words] = {
    "days": ("当日没有有效认定", "no designation in force on that day"),
    "trade": ("认定不含这个工种", "designated for other trades"),
    "place": ("上课的村不在认定的州市", "the village lies outside of the designating prefecture"),
}
Pair = Callable[[str, str], Words]
PAIRS: dict[str, Pair] = {
    "headcount_differs": lambda a, b: (f"清点 {a} 人，记录 {b} 人", f"{a} counted, {b} recorded"),
    "closed_short": lambda a, b: (f"{a} / {b} 分钟", f"{a} of {b} minutes"),
}


def detail_words(code: str, detail: str) -> Words:
    """What a flag's detail says. It is kept without a language; what is not known here stays as it is,
    such as names of sessions and days.
    """
    if not detail:
        return "", ""
    if code == "outside_designation":
        return NOT_DESIGNATED.get(detail, (detail, detail))
    if code in COUNTED and detail.isdecimal():
        return _with_unit(detail, COUNTED[code])
    if code in PAIRS and detail.count(" / ") == 1:
        return PAIRS[code](*detail.split(" / "))
    parts = [_one(each) for each in detail.split("、")]
    zh, en = "、".join(zh for zh, _ in parts), ", ".join(en for _, en in parts)
    return (f"一分钟内 {zh}", f"{en} within a minute") if code == "too_fast" else (zh, en)


def _one(part: str) -> Words:
    number, _, unit = part.partition(" ")
    if number.isdecimal() and unit in UNITS:
        return _with_unit(number, UNITS[unit])
    return part, part


def _with_unit(number: str, unit: tuple[str, str, str]) -> Words:
    zh, one, many = unit
    return f"{number} {zh}", f"{number} {one if number == '1' else many}"

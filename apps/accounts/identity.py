"""证件号码: checks of ID numbers (GB 11643) and credit codes (GB 32100), masks, and what their digits say. Pure."""

import re
import unicodedata
from datetime import date

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_IN_NAMES = "·•．.-' 　〇"


class BadNumber(ValueError):
    """The number cannot exist; the text says why and is fit to show."""


class BadName(ValueError):
    """Nobody can be called so; the text says why and is fit to show."""


def clean_id_number(raw: str, *, on: date | None = None) -> str:
    """公民身份号码 (GB 11643): the 18 characters in capitals. Raises BadNumber with a sentence.

    With `on`, nobody may be born after that day.
    """
    number = normalised(raw)
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise BadNumber("身份证号应为18位：前17位是数字，最后一位是数字或X。")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise BadNumber("身份证号中的出生日期不存在，请核对第7至14位。") from error
    if born.year < 1880 or (on is not None and born > on):
        raise BadNumber("身份证号中的出生日期不合常理，请核对第7至14位。")
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    if number[17] != _ID_CHECK[total % 11]:
        raise BadNumber("身份证号校验位不对，可能有一位输错，请逐位核对。")
    return number


def clean_credit_code(raw: str) -> str:
    """统一社会信用代码 (GB 32100): the 18 characters in capitals. Raises BadNumber with a sentence."""
    code = normalised(raw)
    if len(code) != 18 or any(character not in CREDIT_ALPHABET for character in code):
        raise BadNumber("统一社会信用代码应为18位数字或大写字母，其中没有I、O、S、V、Z。")
    if not code[2:8].isdigit():
        raise BadNumber("统一社会信用代码第3至8位应为行政区划数字，请核对。")
    total = sum(
        CREDIT_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17])
    )
    if code[17] != CREDIT_ALPHABET[(31 - total % 31) % 31]:
        raise BadNumber("统一社会信用代码校验位不对，可能有一位输错，请逐位核对。")
    return code


def clean_phone(raw: str) -> str:
    """手机号或带区号的座机. Raises BadNumber with a sentence."""
    phone = normalised(raw)
    if not re.fullmatch(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}", phone):
        raise BadNumber("电话号码不对。手机号是 11 位数字，座机请带区号，例如 028-26611234。")
    return phone


def clean_person_name(raw: str) -> str:
    """Han of every rarity (㐂, 𠮷, 〇) and letters of other scripts; no digits, signs or emoji. Raises BadName."""
    name = " ".join(raw.split())
    if any(unicodedata.category(c)[0] not in "LM" and c not in _IN_NAMES for c in name):
        raise BadName("姓名里有数字、表情或其他符号。请填身份证上的姓名，生僻字可以照样填。")
    return name


def clean_organisation_name(raw: str) -> str:
    """A unit's name as its licence has it: any sign of writing, no emoji and nothing invisible. Raises BadName."""
    name = " ".join(raw.split())
    if any(unicodedata.category(c) in ("So", "Cs", "Co", "Cc", "Cf") for c in name):
        raise BadName("单位名称里有表情或特殊符号，请按营业执照填写。")
    return name


def normalised(raw: str) -> str:
    """Full-width digits, blanks and small letters as people type them, in the standard form."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in raw or "")
    return re.sub(r"\s+", "", narrow).upper()


def is_under_14(number: str, *, on: date) -> bool:
    """Whether the holder is a child whose data needs a guardian's consent (个人信息保护法 art. 31)."""
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return (on.year - born.year - ((on.month, on.day) < (born.month, born.day))) < 14


def mask_number(number: str) -> str:
    """First four and last four stay: 5199**********0017."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}" if len(number) > 8 else "*" * len(number)


def mask_name(name: str) -> str:
    """A natural person's name for others: 张*, 王*明."""
    if len(name) <= 1:
        return name
    return f"{name[0]}*" if len(name) == 2 else f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"


def mask_phone(phone: str) -> str:
    """138****0000."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "*" * len(phone)

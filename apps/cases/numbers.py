"""办件编号: 6-digit region + yyyymmdd + 5-digit serial + Luhn check digit = 20 characters. Pure."""

from datetime import date


def make(region: str, day: date, serial: int) -> str:
    """The number of the serial-th case of a region on a day; raises ValueError past 99,999."""
    if not 1 <= serial <= 99_999:
        raise ValueError("当日流水号已用完。")
    body = f"{region}{day:%Y%m%d}{serial:05d}"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """Luhn: catches every single wrong digit and almost every swap of neighbours."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def is_well_formed(number: str) -> bool:
    return len(number) == 20 and number.isdigit() and number[-1] == check_digit(number[:-1])

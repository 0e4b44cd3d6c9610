"""What an employer's word is worth, and what follows from where the work is. Pure."""

#: A day holds no more than this many full minutes of confirmations.
MINUTES_A_DAY = 10
DIGITS_OF_A_PREFECTURE = 4


def too_many(in_a_minute: int, in_a_day: int, most_a_minute: int) -> bool:
    """Whether the next confirmation of an employer waits for the base's call.

    Nobody looks at so many papers so fast: an account that does was lent, stolen or is a machine.
    `in_a_minute` and `in_a_day` are what it has confirmed in the last minute and the last 24 hours.
    """
    return in_a_minute >= most_a_minute or in_a_day >= most_a_minute * MINUTES_A_DAY


def kind_of(place_code: str, home_code: str) -> str:
    """就近 in the base's own prefecture, 外出 anywhere else."""
    near = place_code[:DIGITS_OF_A_PREFECTURE] == home_code[:DIGITS_OF_A_PREFECTURE]
    return "local" if near else "outward"

"""Why a whole file is not read."""

from courses.roster.words import FILE_FAULTS


class RosterError(ValueError):
    """The file holds no roster; `said` tells the clerk in both languages what to do."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        self.said = FILE_FAULTS[fault]
        super().__init__(" ".join(self.said))

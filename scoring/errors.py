"""What scoring refuses."""


class RatingError(Exception):
    """Root of the refusals of scoring."""


class EditionError(RatingError):
    """An edition file cannot be used; every defect is named."""

    def __init__(self, defects: tuple[str, ...]) -> None:
        super().__init__("; ".join(defects))
        self.defects = defects


class FrameError(RatingError):
    """A table of the inputs breaks its contract."""

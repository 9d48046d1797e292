"""A refusal of the stub homeserver, as the specification writes it."""


class MatrixError(Exception):
    """An answer with an `errcode`."""

    def __init__(self, status: int, errcode: str, error: str = "") -> None:
        super().__init__(f"{status} {errcode} {error}")
        self.status = status
        self.errcode = errcode
        self.error = error or errcode


def forbidden(error: str = "") -> MatrixError:
    return MatrixError(403, "M_FORBIDDEN", error)


def not_found(error: str = "") -> MatrixError:
    return MatrixError(404, "M_NOT_FOUND", error)

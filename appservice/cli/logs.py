"""Sets up the log: a line per happening on stderr, with no name, no id and no word of anybody."""

import logging
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_ID = re.compile(
    r"[@#!$][^\s:,;'\"<>]*:(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d+)?"  # with a server's name
    r"|[!$][A-Za-z0-9_+/-]{43}(?![A-Za-z0-9_+/-])"  # events, and rooms from version 12 on
    r"|%(?:40|21|24|23)[A-Za-z0-9._~%-]*"  # the same in an address
)
LEVELS = ("debug", "info", "warning", "error")
_SILENT = ("nio", "asyncpg", "aiosqlite")


def set_up_logs(*, as_json: bool, level: str = "info") -> None:
    """Let structlog and every library write to stderr: JSON, or lines for people."""
    render: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            faults_without_words,
            ids_struck_out,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Libraries()], force=True)
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def ids_struck_out(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Put `[id]` in the place of everything that looks like a Matrix id (structlog processor)."""
    return {key: _struck(value) for key, value in event.items()}


def faults_without_words(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Keep of an exception its kind and its place: its text may repeat what somebody wrote."""
    error = event.pop("exc_info", None)
    error = sys.exc_info()[1] if error is True else error
    error = error[1] if isinstance(error, tuple) else error
    if isinstance(error, BaseException):
        event["fault"] = described(error)
    event.pop("stack_info", None)
    event.pop("exception", None)
    return event


def described(error: BaseException) -> str:
    """Name an exception by its kind and the line that raised it."""
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    if where is None:
        return type(error).__name__
    file = Path(where.tb_frame.f_code.co_filename).name
    return f"{type(error).__name__} at {file}:{where.tb_lineno}"


class _Libraries(logging.Handler):
    """Says that a library has something to say, and where; never what."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger(record.name).log(
            record.levelno,
            "said by a library",
            place=f"{record.filename}:{record.lineno}",
            exc_info=record.exc_info,
        )


def _struck(value: Any) -> Any:
    if isinstance(value, str):
        return _ID.sub("[id]", value)
    if isinstance(value, Mapping):
        return {_struck(key): _struck(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_struck(inner) for inner in value]
    if isinstance(value, bytes):
        return "[bytes]"
    if isinstance(value, bool | int | float) or value is None:
        return value
    return _ID.sub("[id]", str(value))

"""Holds an aiohttp application open on an address, and closes it in an orderly way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from appservice.errors import ConfigurationError


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve until the context ends; yields the port (another one, where 0 was given).

    Requests that are being answered at the end get five seconds. There is no access log: paths
    hold ids. Raises ConfigurationError if the address cannot be had.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0, handle_signals=False)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, reuse_address=True)
        try:
            await site.start()
        except OSError as error:
            reason = error.strerror or "no such address"
            raise ConfigurationError(f"cannot listen on {host}:{port} ({reason})") from None
        addresses = runner.addresses
        yield int(addresses[0][1]) if addresses else port
    finally:
        await runner.cleanup()

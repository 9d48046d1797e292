"""The operator's own listener: is it alive, is it ready, and numbers for Prometheus."""

from collections.abc import Callable, Mapping

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest


def private_app(ready: Callable[[], bool], registry: CollectorRegistry) -> web.Application:
    """Make the application with /health, /ready (503 until `ready()`) and /metrics.

    It asks for no password, so it belongs on a private address.
    """

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readiness(_: web.Request) -> web.Response:
        if ready():
            return web.json_response({"status": "ready"})
        return web.json_response({"status": "starting"}, status=503)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    app = web.Application()
    app.router.add_get("/health", health)
    app.router.add_get("/ready", readiness)
    app.router.add_get("/metrics", metrics)
    return app


def registry(gauges: Mapping[str, tuple[str, Callable[[], bool]]]) -> CollectorRegistry:
    """Return a registry of our own; `gauges`: name -> (what it tells, its value)."""
    made = CollectorRegistry()
    for name, (told, value) in gauges.items():
        Gauge(name, told, registry=made).set_function(_number(value))
    return made


def _number(value: Callable[[], bool]) -> Callable[[], float]:
    return lambda: float(value())

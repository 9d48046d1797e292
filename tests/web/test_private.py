"""The operator's listener, and how a listener is opened and closed."""

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry, Counter

from appservice.errors import ConfigurationError
from appservice.web import listening, private_app


async def test_ready_only_when_ready():
    ready = []
    app = private_app(lambda: bool(ready), CollectorRegistry())
    async with TestClient(TestServer(app)) as client:
        assert (await client.get("/health")).status == 200
        assert (await client.get("/ready")).status == 503
        ready.append(True)
        assert (await client.get("/ready")).status == 200


async def test_metrics_of_the_given_registry_only():
    registry = CollectorRegistry()
    Counter("circlekeeper_events", "Events taken", registry=registry).inc(3)
    async with TestClient(TestServer(private_app(lambda: True, registry))) as client:
        text = await (await client.get("/metrics")).text()
    assert "circlekeeper_events_total 3.0" in text
    assert "python_info" not in text


async def test_a_listener_serves_until_its_end_and_a_taken_port_is_a_sentence():
    app = private_app(lambda: True, CollectorRegistry())
    async with ClientSession() as session:
        async with listening(app, "127.0.0.1", 0) as port:
            async with session.get(f"http://127.0.0.1:{port}/health") as answer:
                assert answer.status == 200
            other = private_app(lambda: True, CollectorRegistry())
            with pytest.raises(ConfigurationError, match=f"127.0.0.1:{port}"):
                async with listening(other, "127.0.0.1", port):
                    pass
        with pytest.raises(OSError):
            await session.get(f"http://127.0.0.1:{port}/health")

"""Circlekeeper: peer-support groups in encrypted Matrix rooms, joined only by consent."""

__version__ = "0.1.0"

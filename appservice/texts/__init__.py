"""Sentences and languages: the catalogue, and messages as Matrix carries them."""

from appservice.texts.catalogue import Catalogue, load
from appservice.texts.render import TextRenderer

__all__ = ["Catalogue", "TextRenderer", "load"]

"""The homeserver as an object: one method for each request that we make."""

from appservice.matrix.calls_keys import KeyCalls
from appservice.matrix.calls_media import MediaCalls
from appservice.matrix.calls_rooms import RoomCalls
from appservice.matrix.calls_users import UserCalls


class Client(RoomCalls, KeyCalls, UserCalls, MediaCalls):
    """All requests. Every method raises TransientError or PermanentError, as `Transport.ask`.

    `user` and `device` tell in whose name; ids are whole Matrix ids.
    """

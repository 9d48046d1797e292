"""What the inside asks of the outside, in our words: a store, a homeserver, the texts."""

from appservice.ports.database import Store, Work
from appservice.ports.homeserver import Homeserver, Performed, Translated, Watch
from appservice.ports.outside import Alert, CalendarServer, Pager, Video
from appservice.ports.rows import Arrival, Json, Parked, Posting, Prepared
from appservice.ports.writing import Calendars, CalendarStyle, Printed, Printer, Renderer

__all__ = [
    "Alert",
    "Arrival",
    "CalendarServer",
    "CalendarStyle",
    "Calendars",
    "Homeserver",
    "Json",
    "Pager",
    "Parked",
    "Performed",
    "Posting",
    "Prepared",
    "Printed",
    "Printer",
    "Renderer",
    "Store",
    "Translated",
    "Video",
    "Watch",
    "Work",
]

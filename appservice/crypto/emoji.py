"""The 64 emoji of a verification, by number (spec: "SAS method: emoji", sas-emoji.json)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Emoji:
    """A picture and what people call it."""

    symbol: str
    en: str
    de: str


_TABLE = """\
🐶 Dog|Hund
🐱 Cat|Katze
🦁 Lion|Löwe
🐎 Horse|Pferd
🦄 Unicorn|Einhorn
🐷 Pig|Schwein
🐘 Elephant|Elefant
🐰 Rabbit|Hase
🐼 Panda|Panda
🐓 Rooster|Hahn
🐧 Penguin|Pinguin
🐢 Turtle|Schildkröte
🐟 Fish|Fisch
🐙 Octopus|Oktopus
🦋 Butterfly|Schmetterling
🌷 Flower|Blume
🌳 Tree|Baum
🌵 Cactus|Kaktus
🍄 Mushroom|Pilz
🌏 Globe|Globus
🌙 Moon|Mond
☁️ Cloud|Wolke
🔥 Fire|Feuer
🍌 Banana|Banane
🍎 Apple|Apfel
🍓 Strawberry|Erdbeere
🌽 Corn|Mais
🍕 Pizza|Pizza
🎂 Cake|Kuchen
❤️ Heart|Herz
😀 Smiley|Lächeln
🤖 Robot|Roboter
🎩 Hat|Hut
👓 Glasses|Brille
🔧 Spanner|Schraubenschlüssel
🎅 Santa|Weihnachtsmann
👍 Thumbs Up|Daumen Hoch
☂️ Umbrella|Regenschirm
⌛ Hourglass|Sanduhr
⏰ Clock|Uhr
🎁 Gift|Geschenk
💡 Light Bulb|Glühbirne
📕 Book|Buch
✏️ Pencil|Bleistift
📎 Paperclip|Büroklammer
✂️ Scissors|Schere
🔒 Lock|Schloss
🔑 Key|Schlüssel
🔨 Hammer|Hammer
☎️ Telephone|Telefon
🏁 Flag|Flagge
🚂 Train|Zug
🚲 Bicycle|Fahrrad
✈️ Aeroplane|Flugzeug
🚀 Rocket|Rakete
🏆 Trophy|Pokal
⚽ Ball|Ball
🎸 Guitar|Gitarre
🎺 Trumpet|Trompete
🔔 Bell|Glocke
⚓ Anchor|Anker
🎧 Headphones|Kopfhörer
📁 Folder|Ordner
📌 Pin|Stecknadel
"""


def _read(row: str) -> Emoji:
    symbol, _, names = row.partition(" ")
    return Emoji(symbol, *names.split("|"))


EMOJI = tuple(map(_read, _TABLE.splitlines()))

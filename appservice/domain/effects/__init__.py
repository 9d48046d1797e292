"""What the rules want done, in the imperative. Effects are values; adapters carry them out."""

from appservice.domain.effects.care import Page, SendPageCode
from appservice.domain.effects.chat import (
    AcceptIdentity,
    AnswerVerification,
    EnterChat,
    Leave,
    OpenChat,
    SwitchEncryptionOn,
)
from appservice.domain.effects.forgetting import EraseKeys, PartWith, SweepPage, TakeOut
from appservice.domain.effects.group import (
    Convene,
    DrawCode,
    EmptyRoom,
    FoundGroup,
    MakeRoom,
    Repair,
    SetPowers,
    Unlist,
)
from appservice.domain.effects.later import TellOperator, Unwake, Wake
from appservice.domain.effects.meeting import CheckVideo, DrawFeed, Publish, ShowPlace, Visit
from appservice.domain.effects.member import Admit, Remove, SeekAnswer, Unban
from appservice.domain.effects.saying import (
    Chart,
    ClosePoll,
    FileSource,
    HandOut,
    JoinCode,
    MeetingsFile,
    Message,
    OwnData,
    Quote,
    Say,
    SayFile,
    SayPoll,
    Shape,
    Sheet,
    TakeBack,
)

Effect = (
    Say
    | SayPoll
    | ClosePoll
    | SayFile
    | Quote
    | HandOut
    | TakeBack
    | EnterChat
    | OpenChat
    | SwitchEncryptionOn
    | Leave
    | MakeRoom
    | Convene
    | FoundGroup
    | DrawCode
    | DrawFeed
    | Publish
    | CheckVideo
    | ShowPlace
    | Admit
    | Remove
    | Unban
    | TakeOut
    | EmptyRoom
    | PartWith
    | EraseKeys
    | SweepPage
    | AcceptIdentity
    | Repair
    | SetPowers
    | Unlist
    | AnswerVerification
    | SeekAnswer
    | Wake
    | Unwake
    | Page
    | SendPageCode
    | TellOperator
)

"""Weighs the evidence: which conversation a line joins, or none, and what spoke most for it."""

import math
from collections.abc import Mapping, Sequence
from operator import mul

from guildwatch.digest.separation import weights as learned
from guildwatch.digest.separation.beginning import BEGINNING, beginning
from guildwatch.digest.separation.evidence import Evidence, candidates
from guildwatch.digest.separation.linking import Linking
from guildwatch.digest.separation.memory import Heard, Memory
from guildwatch.digest.transcript.lines import Line
from guildwatch.model import Home, ReasonKind

# Many lines of many people may be gone on from, so a large conversation would draw in whatever
# is doubtful. The power of its people by which it counts less was chosen with the weights.
_CROWD = 0.4
# Where hardly anybody is named, little tells whom a line answers: then it is taken for going on
# from somebody else's line less readily. These too were chosen with the weights.
_HARDLY_NAMING = 0.15
_BEGINNING_THERE, _OTHERS_THERE = 1.0, -0.5
# The annotated channels are busy ones: there a stranger's question begins something new. Where
# few talk, and of one matter, whoever speaks next mostly goes on with it.
_FEW_LINES, _FEW_SECONDS = 12, 1800.0
_ONE_SECONDS = 900.0
_GOING_ON, _FADING = 3.0, 600.0


class Weights:
    """What each piece of evidence weighs, by its name; without a name it weighs nothing."""

    def __init__(
        self,
        linking: Mapping[str, float] = learned.LINKING,
        beginning: Mapping[str, float] = learned.BEGINNING,
    ) -> None:
        self.linking = Linking(**linking)
        self.beginning = [beginning.get(name, 0.0) for name in BEGINNING]


def choose(memory: Memory, line: Line, new: Heard, weights: Weights) -> Home:
    """The home of a line whose answer is not known.

    Each earlier line is as likely the one gone on from as the weights say (a softmax, beginning
    something new among them), a conversation as likely as its lines together.
    """
    evidence = Evidence(memory, line, new, weights.linking)
    found = candidates(memory, new)
    logits = list(map(evidence.linking, found))
    begins = sum(map(mul, beginning(memory, line, new), weights.beginning))
    if evidence.naming < _HARDLY_NAMING:
        hardly = 1.0 - evidence.naming / _HARDLY_NAMING
        begins += hardly * _BEGINNING_THERE
        logits = [
            logit if heard.author_id == new.author_id else logit + hardly * _OTHERS_THERE
            for heard, logit in zip(found, logits, strict=True)
        ]
    home = _likeliest(memory, found, logits, begins - _quiet(memory, line, new))
    if home is None:
        return Home(line.id, line.id, ReasonKind.NEW)
    own = [place for place, heard in enumerate(found) if heard.home_id == home]
    because = found[max(own, key=logits.__getitem__)]
    is_only = len({heard.home_id for heard in found}) == 1
    return Home(line.id, home, reason(new, because, is_only=is_only), because.id)


def _quiet(memory: Memory, line: Line, new: Heard) -> float:
    """How much speaks for going on since few talked lately, of one matter; 0 where they did not.

    Nothing does where somebody else asks everybody about something of which nobody spoke.
    """
    lately: list[Heard] = []
    for heard in reversed(memory.lines):
        if line.at - heard.at > _FEW_SECONDS:
            break
        lately.append(heard)
        if len(lately) > _FEW_LINES:
            return 0.0
    if len({heard.home_id for heard in lately if line.at - heard.at <= _ONE_SECONDS}) > 1:
        return 0.0
    is_foreign = all(
        heard.author_id != new.author_id and heard.said.isdisjoint(new.said) for heard in lately
    )
    if not lately or (new.opens and is_foreign):
        return 0.0
    fresh = math.exp((lately[0].at - line.at) / _FADING)
    return _GOING_ON * fresh * (1.0 - len(lately) / (_FEW_LINES + 1))


def _likeliest(
    memory: Memory, found: Sequence[Heard], logits: Sequence[float], beginning: float
) -> int | None:
    """The conversation that is likeliest, None where that is a new one."""
    highest = max(beginning, *logits) if logits else beginning
    of_home: dict[int, float] = {}
    for heard, logit in zip(found, logits, strict=True):
        of_home[heard.home_id] = of_home.get(heard.home_id, 0.0) + math.exp(logit - highest)
    for home in of_home:
        of_home[home] /= (memory.people_of(home) or 1) ** _CROWD
    likeliest = max(of_home, key=of_home.__getitem__, default=None)
    if likeliest is None or of_home[likeliest] < math.exp(beginning - highest):
        return None
    return likeliest


def reason(new: Heard, because: Heard, *, is_only: bool) -> ReasonKind:
    """What a person would say of why a line goes on from another one."""
    if because.author_id in new.spoken_to:
        return ReasonKind.ADDRESSED
    if new.author_id in because.spoken_to:
        return ReasonKind.ANSWERED
    if because.author_id == new.author_id:
        return ReasonKind.SPEAKER
    if not because.said.isdisjoint(new.said):
        return ReasonKind.WORDS
    return ReasonKind.ALONE if is_only else ReasonKind.LATEST

"""Claims that something was decided or assented to, and how people do so, by language.

A claim of a decision is borne out by a message that decides, by one that speaks for all, or by the
assent of one person to what another said. What one person thinks that all should do is none.
"""

import re
from collections.abc import Iterable, Sequence

from guildwatch.digest.checking.folding import fold
from guildwatch.digest.transcript.lines import Line

# What tells of a decision, however few took it.
_CLAIMS = {
    "en": "decided|approved(?! of)|settled on|voted (?:for|to)|(?:was|were) chosen|unanimous\\w*",
    "de": "beschlossen|beschloss|entschieden|einstimmig|genehmigt\\w*|gebilligt|verabschiedet"
    "|(?:hat|haben|wurde) (?:\\w+ )*abgestimmt",
    "es": "acordó|aprobó|se (?:ha )?(?:decidi[dó]o?|acordado|aprobado)|decidieron|acordaron"
    "|aprobaron|(?:ha|han) (?:decidido|acordado|aprobado|votado)|votaron|fue(?:ron)? aprobad\\w+"
    "|por unanimidad",
    "fr": "(?:a|ont|a été|est) (?:décidée?|approuvée?|votée?|adoptée?|convenu)|à l'unanimité",
    "it": "(?:è stat[oa]|ha|hanno) (?:decis[oa]|approvat[oa]|votat[oa])|all'unanimità",
    "nl": "besloten|goedgekeurd|unaniem|(?:heeft|hebben) (?:\\w+ )*gestemd",
    "pl": "postanowi(?:ono|li|ła?)|zdecydowa(?:no|li|ła?)|zatwierdz(?:ono|ili|iła?)"
    "|uchwal(?:ono|ili|iła?)|przegłosowa\\w+|jednogłośnie",
    "pt": "(?:foi|foram) (?:decidid|aprovad|votad)\\w+|decidi(?:ram|u-se)|aprovaram|votaram"
    "|por unanimidade",
}
# Bodies that decide: one that no message knows of has decided nothing.
_BODIES = (
    "committee|council|board of \\w+|jury|ausschuss(?:es)?|vorstand(?:s)?|kuratorium|gremium"
    "|comité|consejo|(?:la|una) junta|junta directiva|ayuntamiento|conseil|jurys|comitato|consiglio"
    "|giuria|bestuur|commissie|raad|komisja|komitet|zarząd|rada|comitê|conselho|diretoria"
)
# Words of deciding, and of speaking for all.
_DECIDES = {
    "en": "decid|decision|agree|approve|vot(?:e|ing)|unanim|settle|let'?s|we(?:'ll| will| go)\\b",
    "de": "beschl|entsch(?:ied|eid)|abgestimmt|stimm(?:en?|t) (?:ab|zu)|einstimmig|genehmig|gewählt"
    "|(?:wir|machen wir|nehmen wir)\\b(?! (?:\\w+ )?(?:sollten|könnten|müssten|würden|hätten)\\b)",
    "es": "decid|decis|acord|acuerd|aprob|vot|unan|eleg|quedamos en\\b",
    "fr": "décid|décis|adopt|approuv|vot|unan|convenu|retenu|nous\\b"
    "|on (?:va|fait|prend|part|garde|reste|passe|met|y va|choisit|commence|laisse|prendra|fera)\\b",
    "it": "decis|decid|approv|vot|unan|scelt|stabilit|facciamo\\b",
    "nl": "beslo|beslui|goedgekeurd|gestemd|gekozen|afgesproken|we (?:doen|gaan|nemen|houden)\\b",
    "pl": "postan|zdecyd|uchwal|wybra|ustal|zatwierdz|głosow|jednogł|(?:robimy|bierzemy)\\b",
    "pt": "decid|decis|aprov|vot|unan|escolh|combinad|nós\\b|a gente vai\\b",
}
# First persons of the plural in Spanish, Italian and Portuguese, not of "we might".
_ALL_OF_US = r"\b(?!\w*(?:ríamos|remmo)\b)\w{2,}(?:amos|emos|imos|iamo)\b"
_ASSENTS = {
    "en": "yes|yep|yeah|yup|aye|ack|ok(?:ay)?|sure|exactly|agreed?|deal|me too|same here"
    "|good (?:idea|point|plan)|sounds good|of course|why not|fine (?:by|with) me"
    "|(?:i|we)(?: can|'ll| will)|(?:will|can) do",
    "de": "ja|jo|jup|genau|klar|gerne|einverstanden|abgemacht|passt|bin dafür|dabei|gute idee"
    "|von mir aus|geht klar|machen wir|alles klar",
    "es": "sí|vale|dale|claro|de acuerdo|perfecto|por mí|buena idea|me parece bien|hecho|venga"
    "|genial|a favor",
    "fr": "oui|ouais|d'accord|ça marche|ça me va|entendu|parfait|bonne idée|pareil|volontiers"
    "|je suis pour",
    "it": "sì|certo|d'accordo|va bene|ottimo|perfetto|buona idea|per me|volentieri|a favore",
    "nl": "ja|prima|akkoord|goed|eens|goed idee|mee eens|doen we|oké|is goed|graag",
    "pl": "tak|zgoda|jasne|dobra|dobrze|pewnie|spoko|okej|dobry pomysł|jestem za|pasuje",
    "pt": "sim|claro|combinado|beleza|de acordo|concordo|perfeito|boa ideia|por mim|fechado"
    "|pode ser",
}
_CLAIMS_DECISION = re.compile(rf"\b(?:{'|'.join(_CLAIMS.values())})\b", re.IGNORECASE)
_CLAIMS_ALL = re.compile(
    r"\b(?:unanim\w*|einstimmig\w*|por unanimi\w+|à l'unanimité|all'unanimità|unaniem"
    r"|jednogłośnie)",
    re.IGNORECASE,
)
_OF_ALL = re.compile(
    r"unan[ií]m|einstimmig|jednogł|\b(?:all|every(?:one|body)|alle[nr]?|todos|tous|toutes|tutti"
    r"|allemaal|iedereen|wszyscy)\b",
    re.IGNORECASE,
)
_BODY = re.compile(rf"\b(?:{_BODIES})\b", re.IGNORECASE)
_DECIDED = re.compile(rf"\b(?:{'|'.join(_DECIDES.values())})|{_ALL_OF_US}|\+1|👍", re.IGNORECASE)
_ASSENTED = re.compile(rf"(?<!\w)(?:{'|'.join(_ASSENTS.values())})(?!\w)|\+1|👍", re.IGNORECASE)
_CLAIMS_ASSENT = re.compile(r"\b(?:agreed|approved of)\b", re.IGNORECASE)
_SHORT_ASSENT = re.compile(
    rf"(?<!\w)(?:{_ASSENTS['en']})(?!\w)|\+1|👍"
    r"|^\W*(?:\w+[:,] )?(?:fine|right|correct|true|indeed)\b",
    re.IGNORECASE,
)


def claims_decision(text: str) -> bool:
    """Whether a text says that something was decided."""
    return _CLAIMS_DECISION.search(fold(text)) is not None


def is_decided(text: str, cited: Sequence[Line]) -> bool:
    """Whether a message decides, or one person assents to what another said.

    What all are told to have decided takes several people, or one who says so.
    """
    texts = [fold(line.text) for line in cited]
    people = {line.author_id for line in cited}
    if _CLAIMS_ALL.search(fold(text)) and len(people) < 2 and not any(map(_OF_ALL.search, texts)):
        return False
    decides = any(_DECIDED.search(each) for each in texts if not each.rstrip().endswith("?"))
    return decides or (len(people) > 1 and any(map(_ASSENTED.search, texts)))


def claims_assent(text: str) -> bool:
    """Whether a text says that somebody agreed."""
    return _CLAIMS_ASSENT.search(text) is not None


def is_assented(cited: Iterable[Line]) -> bool:
    """Whether a message gives assent."""
    return any(_SHORT_ASSENT.search(fold(line.text)) for line in cited)


def strange_body(text: str, cited: Iterable[Line]) -> bool:
    """Whether a text tells of a committee or the like where its messages know of none."""
    return _BODY.search(text) is not None and not any(
        _BODY.search(f"{line.name} {line.text}") for line in cited
    )

"""How people feel: a score for every message, and the mood of a period or of this moment."""

from guildwatch.mood.fading import Fading
from guildwatch.mood.foreign import LanguageDetector
from guildwatch.mood.scorer import Scorer
from guildwatch.mood.summary import label_of, summarise
from guildwatch.mood.vader import Vader

__all__ = ["Fading", "LanguageDetector", "Scorer", "Vader", "label_of", "summarise"]

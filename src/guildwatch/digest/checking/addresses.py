"""Links, hosts, files and mail addresses that a sentence has and its messages lack."""

import re
from collections.abc import Iterable

from guildwatch.digest.checking.evidence import Evidence
from guildwatch.digest.checking.vocabulary import is_function
from guildwatch.digest.transcript.clean import URL, find_urls, show_url
from guildwatch.digest.transcript.lines import Line

# Links that do not begin with http: `www.`, another scheme or none, mail, an address of digits.
_OTHER_LINK = re.compile(
    r"\bwww\.\S+|(?:\b[\w+.-]+:)?//\S+|\b(?:mailto|tel|sms|magnet|xmpp|irc|skype):\S+"
    r"|[^\s@()<>\[\]]+@[\w-]+(?:\.[\w-]+)+|\[?[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}\]?(?::\w+)?(?=\W|$)",
    re.IGNORECASE,
)
# A host or a file: named without a scheme it is still believed, and opened.
_DOTTED = re.compile(
    r"(?<![\w.@-])[\w-]+(?:\.[\w-]+)*\.(?:[^\W\d_]{2,24}|xn--[\w-]+)(?![\w-])"
    r"(?::\d+)?(?:[/?#][^\s\"“”„«»']*)?"
)
# A host that hides its dot: `evil . example`, `evil[.]example`, `evil dot example`.
_HIDDEN_DOT = re.compile(
    r"(?<!\w)([\w-]{2,})(?:\s+\.\s*|\s*\.\s+(?=[a-z]{2,3}(?:\W|$))|\s*[\[({]\s*(?:\.|dot)\s*[\])}]\s*"
    r"|\s+(?:dot|punkt|punto)\s+)([^\W\d_]{2,24})(?!\w)",
    re.IGNORECASE,
)
# A file or a folder by its whole path; `/roll` alone is a command.
_PATH = re.compile(r"(?<![\w.~/:])(?:~/|/(?=[\w.-]+/))[\w./-]*\w")
_LACKS = "it has a link that is not in its messages"


def strange_address(
    text: str, folded: str, evidence: Evidence, around: Iterable[Line]
) -> str | None:
    """Whether a text, here as written and folded, has an address that its messages lack.

    The path of a file may be told of what was said before: "put it there".
    """
    own = {url for line in evidence.cited for url in line.urls}
    if any(link not in own for link in find_urls(folded) + find_urls(text)):
        return _LACKS
    rest = URL.sub(" ", folded)
    hosts = {_low_host(show_url(url)) for url in own}
    for found in (*_OTHER_LINK.finditer(rest), *_DOTTED.finditer(rest)):
        if not _has_address(found[0].rstrip(".,;:!?)]…"), hosts, evidence):
            return _LACKS
    if not all(_has_path(path, evidence, around) for path in _PATH.findall(rest)):
        return _LACKS
    hidden = (found[0].casefold() for found in _HIDDEN_DOT.finditer(rest) if not _is_a_dot(found))
    return None if all(each in evidence.text for each in hidden) else _LACKS


def _has_path(path: str, evidence: Evidence, around: Iterable[Line]) -> bool:
    """Whether the messages hold a path, or the file at its end by its full name: `rc.local`."""
    name = path.rpartition("/")[2]
    if path in evidence.exact or ("." in name and evidence.has_word(name.casefold())):
        return True
    return any(path in line.text for line in around)


def _has_address(address: str, hosts: set[str], evidence: Evidence) -> bool:
    """Whether the messages hold an address whole; of a long one its host may be named."""
    if _low_host(address) in hosts:
        return True
    has_path = any(sign in address for sign in "/?#")
    text, wanted = (evidence.exact, address) if has_path else (evidence.text, address.casefold())
    after = r"(?![\w/?#-]|\.\w)" if has_path else r"(?![\w-]|\.\w)"
    return re.search(rf"(?<![\w.@-]){re.escape(wanted)}{after}", text) is not None


def _is_a_dot(found: re.Match[str]) -> bool:
    """Whether the dot is one that is spoken of: `the dot of the i`."""
    return found[1].lower() in ("a", "the", "this", "each", "every") and is_function(found[2])


def _low_host(address: str) -> str:
    """An address with its host in small letters; in a path they mean something else."""
    end = re.search(r"[/?#]|$", address)
    at = end.start() if end else len(address)
    return address[:at].casefold() + address[at:]

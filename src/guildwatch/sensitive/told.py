"""Passwords, codes and keys that are known by what people or files call them."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from guildwatch.sensitive.found import Found, Kind
from guildwatch.sensitive.patterns import at_word
from guildwatch.sensitive.seeing import lowered

# All patterns are for small letters without accents, which is much quicker than to ignore case.
# English, German, Spanish, French, Italian, Dutch, Polish, Portuguese; then the word in others,
# Cyrillic and kana as they are after that folding.
_NAME_OF_ONE = (
    r"pass[- _]?(?:word|phrase|code)s?|passwd|passwor[td]|pwd|psw|kennwort|contrasena|clave"
    r"|mot de passe|mdp|wachtwoord|haslo|senha|palavra[- ]passe|parola d'ordine|passwort(?:es)?"
    r"|passord|losenord|adgangskode|salasana|heslo|jelszo|sifre|kata sandi|mat khau"
    r"|пapoль|密码|密碼|ハスワート|비밀번호"
)
# Small words without which nothing below can be there, to look for first.
_SMALL = """
    pass kennwort contrasena clave mdp mot wachtwoord haslo senha parola pwd psw pw pin puk cvv
    cvc otp 2fa code kod codigo codice secret token api key auth bearer basic credential sess
    schlussel cookie phrase words seed curl mysql cred login account zugangsdaten @
    losenord adgangskode salasana heslo jelszo sifre sandi khau пapoль 密码 密碼 ハスワート 비밀번호
    """
_HINTS = tuple(_SMALL.split())
_PIN_HINTS = ("pin", "puk", "cvv", "cvc")
_CODE_HINTS = ("code", "kod", "codi", "otp", "2fa", "pass")
_KEY_HINTS = (
    "secret", "token", "key", "auth", "credential", "sess", "sid", "schlussel", "api", "signature",
)  # fmt: skip
_IS = (
    r"(?:'s|\s{1,3}(?:is|ist|lautet|war|was|es|est|e|era|jest|to jest|to|are|sind|son|sont|sono"
    r"|zijn|sao))"
    r"(?:\s{1,3}(?:now|jetzt|ahora|maintenant|adesso|nu|teraz|agora|still|noch))?\s{0,3}:?"
)
_SIGN = r"\s{0,3}(?:=>|->|:=|==?|:|→|⇒)(?:[*_]{1,3}(?=\s))?"
_ASSIGNED = re.compile(
    rf"(?P<name>{_NAME_OF_ONE}|pw(?<![a-z0-9-]pw)(?![\w-])|pass(?<![a-z0-9-]pass)(?![\w-]))"
    r"[\"'`*_]{0,3}"
    rf"(?P<how>{_SIGN}|{_IS}|>(?=[\w!#$%])|\s?,(?=\s?[\"'])|(?=\s))\s{{0,3}}"
    r"(?P<quote>[\"'`*_|]{0,3})(?P<value>[^\s\"'`|<]{3,256})",
)
_NUMBERED = re.compile(
    r"\b(?:pin(?:[- ]?(?:code|nummer|number))?|puk|cvv2?|cvc2?)\b"
    rf"(?:{_SIGN}|{_IS})\s{{0,3}}[\"'`|]{{0,3}}(?P<value>\d{{3,8}})(?![\w.,]\w|\w)",
)
_BEFORE_CODE = (
    "verification", "verify", "security", "confirmation", "log-?in", "sign-?in", "access",
    r"auth\w{0,12}", "2fa", "mfa", "otp", "one[- ]time", "backup", "recovery", "reset",
)  # fmt: skip
_WITH_CODE = (
    "bestatigungs", "sicherheits", "anmelde", "verifizierungs", "zugangs", "einmal", "freischalt",
)  # fmt: skip
_WHOSE = (
    "your", "my", "dein", "mein", "tu", "mi", "votre", "mon", "il tuo", "je", "mijn", "twoj", "moj",
    "o seu", "o meu",
)  # fmt: skip
_CODE = "|".join(
    (
        *(f"{word}[- ](?:code|pin|password|passcode)s?" for word in _BEFORE_CODE),
        *(f"{word}[- ]?code" for word in _WITH_CODE),
        "codigo de (?:verificacion|verificacao|seguridad|seguranca|acceso|acesso)",
        "code de (?:verification|securite|confirmation|connexion)",
        "codice di (?:verifica|sicurezza|accesso)|verificatiecode|beveiligingscode",
        "kod (?:weryfikacyjny|bezpieczenstwa|dostepu)",
        at_word(("otp", "2fa")),
        at_word(rf"{whose} (?:\w{{1,20}} )?(?:code|kod|codigo|codice)" for whose in _WHOSE),
    )
)
# "The password for the box is swordfish": a bare word that ends the clause.
_SAID = re.compile(
    r"\b(?:pass(?:word|phrase|code)(?: (?:for|to|of|on) [\w '-]{1,40}?)?(?:'s| is| was)(?: now)?"
    r"|(?:changed|set|reset) (?:the|my|our|your) (?:\w{1,20} ){0,2}password to)"
    r" (?P<value>[a-z]{5,30})[.!)*]{0,3}(?=$|[\n,;]| \()",
)
_PLAINLY = re.compile(r"\b(?:PIN|CVV2?|CVC2?|cvv2?|cvc2?) (?P<value>\d{3,6})(?![\w.,:/-]\w|\w)")
_PAIRED = r"[:|](?P<value>[^\s\"'`|/~][^\s\"'`|]{3,63})"
_PAIRS = (
    re.compile(
        r"\b(?:creds?|credentials|log-?in|zugangsdaten|account|acc)(?: is| are)?\s{0,3}[:=]?\s{1,3}"
        rf"[\w.@+-]{{2,64}}{_PAIRED}"
    ),
    # The sign stands first, as it can be searched for.
    re.compile(rf"@(?<=[\w.+-]@)[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,4}}{_PAIRED}"),
)
_ONCE = re.compile(
    rf"(?:{_CODE})(?:{_SIGN}|{_IS}|\s{{1,3}})\s{{0,3}}[\"'`*|]{{0,4}}"
    r"(?P<value>(?:[a-z]-)?\d{3}[ -]?\d{1,5}|[a-z0-9]{4,10}-[a-z0-9]{4,10}"
    r"(?:[ ,\n]{1,3}[a-z0-9]{4,10}-[a-z0-9]{4,10}){0,20})(?![\w-])"
)
_YOURS = re.compile(
    r"(?<!\w)(?P<value>(?:[a-z]-)?\d{4,8}) (?:is|ist|es|est|e|jest) (?:your|dein|ihr|tu|su|votre"
    rf"|ton|il tuo|je|uw|twoj|o seu|seu)\b[^.\n]{{0,40}}?(?:code|kod|codigo|codice|{_NAME_OF_ONE})",
)
_KEYED = re.compile(
    r"(?P<name>(?:secret|token|api[-_ ]?key|access[-_ ]?key|auth[-_ ]?key"
    r"|private[-_ ]?key|secret[-_ ]?key|client[-_ ]?secret|encryption[-_ ]?key|signing[-_ ]?key"
    r"|api[- ]?schlussel|cle (?:d')?api|chiave api|clave (?:de )?api|chave (?:de |da )?api"
    r"|klucz api|api[- ]?sleutel|account[-_ ]?key|shared[-_ ]?access[-_ ]?signature"
    r"|credential|authorization|session[-_ ]?id|sess(?:ion|id)|phpsessid|jsessionid|connect\.sid"
    r"|licen[sc]e[-_ ]?key|webhook[-_ ]?key|auth(?<![a-z]auth))s?[\w.-]{0,20})[\"'`*_)\]]{0,3}"
    rf"(?P<how>{_SIGN}|{_IS}|(?=\s))\s{{0,3}}[\"'`*_|]{{0,4}}"
    r"(?P<value>[a-z0-9+/=_.~$%!@#^&-]{12,4096})",
)
_HEADER = re.compile(
    r"\b(?:authorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
    r"(?:basic|bearer|token|bot|digest|apikey) {1,3}"
    r"|(?:bearer|basic) (?=[\w+/=.~-]{0,200}[\d=+/]))(?P<value>[\w+/=.~-]{12,4096})",
)
_TYPED = re.compile(
    r"(?:\bcurl\b[^\n]{0,200}? (?:-u|--user)[ =]?[\"']?[\w.@-]{1,64}:"
    r"|\bsshpass -p ?[\"']?|\bmysql(?:dump)?\b[^\n]{0,100}? -p(?=\S))(?P<value>[^\s\"']{3,128})"
)
_WORDS_OF_SEED = re.compile(
    r"(?:seed|recovery|mnemonic|wallet|backup)(?:[- ](?:phrase|words?|key))?s?"
    rf"(?:{_SIGN}|{_IS})\s{{0,3}}[\"'`|]{{0,3}}"
    r"(?P<value>(?:\d{1,2}[.)] {0,2})?[a-z]{3,8}"
    r"(?:[ ,\n]{1,3}(?:\d{1,2}[.)] {0,2})?[a-z]{3,8}){11,23})(?![a-z])",
)
_HEX_KEY = re.compile(
    r"(?:private|secret|encryption|wallet)[- _]?key\b[^\n]{0,30}?"
    r"(?<!\w)(?P<value>(?:0x)?[0-9a-f]{64})(?!\w)",
)
# Each with words of which one is there, if it is.
_SHAPED = (
    (("authorization", "bearer", "basic"), _HEADER),
    (("seed", "recovery", "mnemonic", "wallet", "backup"), _WORDS_OF_SEED),
    (("private", "secret", "encryption", "wallet"), _HEX_KEY),
)
_COMMANDS = ("curl", "sshpass", "mysql")

# What stands where a password would and is none: types, placeholders, states, the next word.
_NO_PASSWORDS = """
    string str text char varchar integer int number boolean bool bytes byte none null nil undefined
    true false yes no required optional empty blank missing invalid incorrect wrong correct right
    expired changed reset set unset hidden removed redacted encrypted hashed plain plaintext same
    different unknown weak strong secure insecure safe unsafe short long good bad fine okay here
    there this that these those the and but not for you your what why how when where who which with
    from please thanks hash hashing prompt field input type value example placeholder default
    password passwords passwort username user name login email mail account see below above later
    try just maybe can could should would must will was were are has have had does did done never
    always only also still again ok error errors failed failure success authentication argon2
    bcrypt scrypt sha256 sha512 md5 falsch richtig geandert abgelaufen unbekannt leer pflichtfeld
    nicht und oder bitte incorrecta correcta cambiada oubliée oublie incorrect sbagliata verkeerd
    bledne errada obrigatorio requis requerida string? any object function const let var new self
    """
_NO_PASSWORD = frozenset(_NO_PASSWORDS.split())
# What people say of a password at the end of a sentence, beside what has such an ending.
_STATES_TOLD = """
    about above absent again alike alive aloud alphanumeric alright ancient another anyone
    anything anyway anyways ascii awesome awful awkward basically better bogus broken built
    cheap clean clear cleartext common complex cookie correctly crap crazy crucial cursed dated
    default difficult dirty down easier eight either elsewhere empty enormous enough everybody
    everything everywhere exact exactly false famous final first fixed forever forgotten found
    fresh funny garbage generic gibberish given gone great guess guessed hard hardcoded harder
    hidden hopeless horrible however huge identical illegal important impossible inaccurate
    indeed insane inside instead kept known later leaked legal legit likely literally local
    longer lost lower lowercase mandatory manual massive maybe messed mine minutes mismatch
    missing mixed myself necessary needed neither never newer nobody nonempty nonexistent
    nonsense nothing nowhere numeric obsolete offline often okay older online ours outdated
    outside overkill people perfect perhaps plain plaintext pointless possible private probably
    public random readonly ready really required right rotten rubbish sane seconds secret
    sensitive sent separate seven shared shit shite shorter silly similar simple simpler simply
    solid somebody somehow someone something somewhere sorry stale static stolen strange
    stronger stuck stupid super taken temporary terrible theirs there thing though three today
    tomorrow tonight total tough trash trivial true twice typed ugly unclear unicode unique
    unlikely unsafe untrue upper uppercase useful useless valid visible weaker weird whatever
    wherever whichever whitespace within without written wrong yesterday yours
    """
_STATES = frozenset(_STATES_TOLD.split())
_STATING = re.compile(
    r".*(?:ed|ing|able|ible|ly|ive|ous|ent|ant|ful|less|ary|ory|ated|istic|itive|ical|onal|ever)$"
)
_PLACEHOLDER = re.compile(
    r"[*•.xX_#?-]+$|\d+%|<|\$|%[a-z({]|\{|\[|(?:your|my|mein|dein|some|the|insert|enter|put)[-_ ]?"
    r"\w{0,20}(?:pass|token|secret|key|here)|.*(?:getpass|environ|getenv|process\.env|config\[)"
    r"|https?:|@\w+$|\w+\(|:\w+:$|\.{2,}|#\w+$|<@|self\.|os\.|env\.|.{0,20}\bhere\b|x{4,}"
    r"|(?:chang|replac)e[-_ ]?(?:me|this)$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r" [a-z]{2,}")  # my code is 4000 lines long
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
_ORDINARY = re.compile(r"[A-Za-z][a-z]*(?:[-'][A-Za-z]?[a-z]+)*[.,!?:;)]*$")
_NAME_LIKE = re.compile(
    r"[A-Za-z]+(?:[_./-][A-Za-z]+)*[_.-]?\d{0,3}$|[A-Z][a-z]+(?:[A-Z][a-z]+)*\d{0,2}$"
)
_ADDRESS_OF_CHAIN = re.compile(r"0x[0-9a-fA-F]{40}$")
_CLOSING = ".,;:*_)]}>"
_LONG = 20  # signs, of what nothing but its look says to be a key


def told(text: str) -> Iterator[Found]:
    """Passwords, one-time codes and keys of a text as it is seen, by the names beside them."""
    low = lowered(text)
    if any(hint in low for hint in _HINTS):
        yield from _passwords(text, low)
        if any(hint in low for hint in _CODE_HINTS):
            yield from _codes(text, low)
        if any(hint in low for hint in _KEY_HINTS):
            yield from _keys(text, low)
        yield from _shaped(text, low)


def _passwords(text: str, low: str) -> Iterator[Found]:
    for found in _ASSIGNED.finditer(low):
        written = text[slice(*found.span("value"))]
        value = _bare(written)
        if _is_password(found, written, value):
            start = found.start("value")
            yield Found(Kind.PASSWORD, start, start + len(value))
    if any(hint in low for hint in _PIN_HINTS):
        for found in chain(_NUMBERED.finditer(low), _PLAINLY.finditer(text)):
            yield Found(Kind.PASSWORD, *found.span("value"))
    for found in _SAID.finditer(low):
        if _is_odd(found["value"]):
            yield Found(Kind.PASSWORD, *found.span("value"))
    for found in chain(*(one.finditer(low) for one in _PAIRS)):
        if _is_mixed(found["value"]) and not found["value"].isdigit():
            yield Found(Kind.PASSWORD, *found.span("value"))


def _codes(text: str, low: str) -> Iterator[Found]:
    for found in chain(_ONCE.finditer(low), _YOURS.finditer(low)):
        value, end = found["value"], found.end("value")
        is_counted = _COUNTED.match(text, end) is not None and len(value) < 6
        if any(map(str.isdigit, value)) and not is_counted:
            yield Found(Kind.PASSWORD, *found.span("value"))


def _keys(text: str, low: str) -> Iterator[Found]:
    for found in _KEYED.finditer(low):
        value = text[slice(*found.span("value"))].rstrip(".,;:!?*_")
        is_told = found["how"] or (len(value) >= _LONG and not _UUID.match(value))
        if is_told and is_random(value):
            yield Found(Kind.SECRET, found.start("value"), found.start("value") + len(value))


def _shaped(text: str, low: str) -> Iterator[Found]:
    there = [one.finditer(low) for hints, one in _SHAPED if any(hint in low for hint in hints)]
    typed = _TYPED.finditer(text) if any(command in low for command in _COMMANDS) else ()
    for found in chain(*there, typed):
        if not _PLACEHOLDER.match(text[slice(*found.span("value"))]):
            yield Found(Kind.SECRET, *found.span("value"))


def _bare(value: str) -> str:
    return value.rstrip(_CLOSING) if len(value.rstrip(_CLOSING)) >= 3 else value


def _is_odd(word: str) -> bool:
    """Whether nobody says such a word of a password, so that it is one."""
    return word not in _NO_PASSWORD and word not in _STATES and _STATING.match(word) is None


def _is_password(found: re.Match[str], written: str, value: str) -> bool:
    """Whether what stands beside the name is a password rather than the next word."""
    if _PLACEHOLDER.match(value) or value.casefold() in _NO_PASSWORD or not value.strip(_CLOSING):
        return False
    is_marked = bool(found["quote"].strip("_"))
    is_plain = _ORDINARY.match(written) is not None
    if found["how"] == "" or found["name"] in ("pass", "pw"):
        return any(map(str.isdigit, value)) and any(map(str.isalpha, value)) and len(value) >= 6
    is_listed = found["how"].strip() in (",", ">")  # in a call's arguments, in a tag
    if is_listed or not is_plain:
        return (is_marked and not is_listed) or _is_mixed(value)
    is_called = re.search(r"[:=>→⇒]$", found["how"].rstrip()) is not None
    if is_marked:
        return True
    if any(map(str.isupper, value[1:])) and not value.isupper():
        return True
    return is_called and len(value) >= 5 and _ends_there(found, value)


def _is_mixed(value: str) -> bool:
    """Whether it has a digit, or signs within, as no word of a sentence has."""
    return any(map(str.isdigit, value)) or any(sign in value for sign in "!@#$%^&*+~")


def _ends_there(found: re.Match[str], value: str) -> bool:
    """Whether nothing follows: with more words behind it, it is a sentence."""
    rest = found.string[found.start("value") + len(value) :]
    return (
        re.match(r"[\"'`|.*_)]{0,4}[ ]?(?:$|\n|,|;|/|\||and\b|und\b|y\b|et\b|e\b|en\b|i\b)", rest)
        is not None
    )


def is_random(value: str) -> bool:
    """Whether a value looks drawn by lot: letters and digits mixed, and no name or placeholder."""
    if _PLACEHOLDER.match(value) or _NAME_LIKE.match(value) or _ADDRESS_OF_CHAIN.match(value):
        return False
    if not (any(map(str.isdigit, value)) and any(map(str.isalpha, value))):
        return False
    return _entropy(value) >= (2.4 if len(value) < 20 else 2.8)


def _entropy(value: str) -> float:
    """Shannon's, in bits a sign, of the first 256."""
    counts = Counter(value[:256]).values()
    total = min(len(value), 256)
    return -sum(count / total * math.log2(count / total) for count in counts)

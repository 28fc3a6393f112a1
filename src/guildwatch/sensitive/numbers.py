"""Numbers of people: phones, payment cards and bank accounts.

Cards must pass the Luhn check (ISO/IEC 7812-1) and have the length of their brand, accounts the
check of ISO 13616 and the length of their country in SWIFT's register of IBANs. Whether a phone
number with its country's code can exist is what libphonenumber's tables say.
"""

import re
from collections.abc import Iterator

import phonenumbers

from guildwatch.sensitive.found import Found, Kind
from guildwatch.sensitive.patterns import at_word
from guildwatch.sensitive.seeing import lowered

_FEW_DIGITS = re.compile(r"(?:\d[^\d\n]{0,6}){7}")
_CARD = re.compile(
    r"(?<![\w.+/-])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?:\1?\d{3})?|\d{4}([ -]?)\d{6}\2\d{4,5})"
    r"(?![\w/]|[-.,]\d)"
)
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?"
    r"(?![A-Za-z0-9])"
)
_SEPARATED = re.compile(r"[ -]")
# Lengths by country: https://www.swift.com/standards/data-standards/iban-international-bank-account-number
_BY_LENGTH = """
    15:NO 16:BE 18:DK,FI,FK,FO,GL,NL,SD 19:MK,SI 20:AT,BA,EE,KZ,LT,LU,MN,XK
    21:CH,HR,LI,LV 22:BG,BH,CR,DE,GB,GE,IE,ME,RS,VA 23:AE,GI,IL,IQ,OM,SO,TL
    24:AD,CZ,ES,MD,PK,RO,SA,SE,SK,TN,VG 25:LY,PT,ST 26:IS,TR 27:BI,DJ,FR,GR,IT,MC,MR,SM
    28:AL,AZ,BY,CY,DO,GT,HN,HU,LB,NI,PL,SV 29:BR,EG,PS,QA,UA 30:JO,KW,MU,YE
    31:MT,SC 32:LC 33:RU
"""
_LENGTHS = {
    country: int(row.partition(":")[0])
    for row in _BY_LENGTH.split()
    for country in row.partition(":")[2].split(",")
}
_SIGNS = r"[ \-./()]{0,3}"
_INTERNATIONAL = re.compile(rf"(?<![\w+.=])(?:\+|00(?=[1-9]\d))[ (]?(?:\d{_SIGNS}){{7,15}}(?!\d)")
# North America's, France's and Germany's own ways of writing, which are like nothing else.
_NATIONAL = re.compile(
    r"(?<![\w.(/+-])(?:(?:1[ -])?(?:\([2-9]\d\d\) ?|[2-9]\d\d-)\d{3}-\d{4}"
    r"|0[1-79](?:([ .])\d\d)(?:\1\d\d){3}|0[1-9]\d{1,3}[ /-]\d{6,8})(?![\w/-]|[.,:]\d)"
)
_CALL = ("call", "text", "ring", "reach", "phone")
_CALLS = (
    "phone", "tele?phone", r"telef\w{2,4}", r"telef[io]n\w{0,8}", "mobile?", "cell(?:ulare?)?",
    "handy", "sms", "movil", "portable", "komork[aei]", r"telefoon\w{0,7}", "gsm", "whats ?app",
    "fax", "celular", *(f"{call} (?:me|us|him|her|them)" for call in _CALL),
    r"ruf\w{0,2} (?:mich|uns)", "bel me", "my (?:phone )?number", "meine (?:handy)?nummer",
    "mi numero", "mon numero", "il mio numero", "mijn nummer", "moj numer", "meu numero",
)  # fmt: skip
_WORDS_BEFORE = at_word((*(rf"{call}\b[^\d\n+]{{0,20}}?" for call in _CALLS), r"tel\b[.:( ]{0,3}"))
_CALLED = re.compile(
    rf"(?:{_WORDS_BEFORE})"
    rf"(?P<number>\(?\d(?:{_SIGNS}\d){{5,14}})(?![\w/]|[-.,:]\d)"
)
_LINKS = at_word((r"wa\.me/", "tel:", "sms:", "callto:"))
_LINKED = re.compile(rf"(?:{_LINKS})\+?\d[\d-]{{6,20}}")
_MOST_PARSED = 40  # a wall of numbers is one of phones by its looks alone
_DATE = re.compile(r"\d{4}[-./]\d\d?[-./]\d\d?(?!\d)|\d\d?[-./]\d\d?[-./]\d{4}(?!\d)")


def numbers(text: str) -> Iterator[Found]:
    """Cards, accounts and phones in a text as it is seen; links count only where they call."""
    if not _FEW_DIGITS.search(text):
        return
    for found in _CARD.finditer(text):
        if _is_card(_SEPARATED.sub("", found[0])):
            yield Found(Kind.CARD, found.start(), found.end())
    for found in _IBAN.finditer(text):
        if length := _iban_length(found[0]):
            yield Found(Kind.ACCOUNT, found.start(), found.start() + length)
    yield from _phones(text)


def linked(text: str) -> Iterator[Found]:
    """Phones that a link calls."""
    for found in _LINKED.finditer(lowered(text)):
        yield Found(Kind.PHONE, found.start(), found.end())


def _is_card(digits: str) -> bool:
    return _is_brand(digits) and len(set(digits)) > 1 and _luhn(digits)


def _is_brand(digits: str) -> bool:
    """Whether the first digits are a brand's that has numbers of this length."""
    two, four, length = int(digits[:2]), int(digits[:4]), len(digits)
    if two in (34, 37):
        return length == 15
    if two in (36, 38, 39) or 300 <= int(digits[:3]) <= 305:
        return length in (14, 16)
    if digits[0] == "4":
        return length in (16, 19)
    if 51 <= two <= 55 or 2200 <= four <= 2204 or 2221 <= four <= 2720:
        return length == 16
    return length in (16, 19) and (
        digits[0] == "6" or two in (50, 56, 57, 58) or 3528 <= four <= 3589 or two in (81, 82)
    )


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _iban_length(written: str) -> int:
    """How much of it is an IBAN, 0 if none: words that follow may look as if they belonged."""
    wanted = _LENGTHS.get(written[:2].upper(), 0)
    signs = [place for place, sign in enumerate(written) if sign not in " -"][:wanted]
    if not wanted or len(signs) < wanted:
        return 0
    end = signs[-1] + 1
    if written[end : end + 1].isalnum():
        return 0
    plain = "".join(written[place] for place in signs).upper()
    number = int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4]))
    return end if number % 97 == 1 else 0


def _phones(text: str) -> Iterator[Found]:
    for place, found in enumerate(_INTERNATIONAL.finditer(text)):
        written = found[0].rstrip(" -./(")
        if place >= _MOST_PARSED or _exists(written):
            yield Found(Kind.PHONE, found.start(), found.start() + len(written))
    for found in _NATIONAL.finditer(text):
        yield Found(Kind.PHONE, found.start(), found.end())
    for found in _CALLED.finditer(lowered(text)):
        if not _DATE.match(found["number"]) and len(set(found["number"])) > 2:
            yield Found(Kind.PHONE, *found.span("number"))


def _exists(written: str) -> bool:
    """Whether a number with a country's code is one of its lengths, and no sum or score."""
    digits = "".join(filter(str.isdigit, written))
    if digits.endswith("00000") or (written.count(".") == 1 and " " not in written):
        return False
    try:
        number = phonenumbers.parse("+" + digits.removeprefix("00"))
    except phonenumbers.NumberParseException:
        return False
    reason = phonenumbers.is_possible_number_with_reason(number)
    is_whole = reason == phonenumbers.ValidationResult.IS_POSSIBLE
    return is_whole and (written[0] == "+" or phonenumbers.is_valid_number(number))

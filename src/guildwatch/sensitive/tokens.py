"""Tokens and keys that are known by their form: those that issuers made recognisable, and blocks.

The forms are those that the issuers document themselves, most of them for this purpose:
https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
"""

import base64
import binascii
import re
from collections.abc import Iterator

from guildwatch.sensitive.found import Found, Kind

_RUN = re.compile(r"[\w+/=.:~-]{16,}")  # no token has fewer signs, and hardly a message a run
# The issuer (none where many use a form), what every token of a form has in it, and the form.
_FORMS: tuple[tuple[str, str, str], ...] = (
    ("GitHub", "gh", r"gh[pousr]_[A-Za-z0-9]{30,255}"),
    ("GitHub", "github_pat_", r"github_pat_\w{50,255}"),
    (
        "GitLab",
        "gl",
        r"gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct|wt)-[\w-]{20,255}",
    ),
    ("AWS", "A", r"A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}(?![A-Za-z0-9])"),
    ("Google", "AIza", r"AIza[\w-]{35}"),
    ("Google", "GOCSPX-", r"GOCSPX-[\w-]{24,40}"),
    ("Google", "ya29.", r"ya29\.[\w-]{20,2048}"),
    ("Google", "1//0", r"1//0[\w-]{30,200}"),
    ("Slack", "xox", r"xox[abceoprs]-[\w-]{10,255}"),
    ("Slack", "xapp-", r"xapp-\d-[\w-]{10,255}"),
    ("Stripe", "k_", r"[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,255}"),
    ("Stripe", "whsec_", r"whsec_[A-Za-z0-9+/=]{24,128}"),
    ("Anthropic", "sk-ant-", r"sk-ant-[\w-]{16,255}"),
    ("OpenRouter", "sk-or-", r"sk-or-(?:v1-)?[\w-]{20,255}"),
    (
        "OpenAI",
        "sk-",
        r"sk-(?!ant-|or-)(?:[A-Za-z0-9]{20,255}|(?=[\w-]{0,60}\d)(?=[\w-]{0,60}[A-Z])[\w-]{20,255})",
    ),
    ("Hugging Face", "hf_", r"hf_[A-Za-z0-9]{30,64}"),
    ("Hugging Face", "api_org_", r"api_org_[A-Za-z0-9]{30,64}"),
    ("Groq", "gsk_", r"gsk_[A-Za-z0-9]{40,64}"),
    ("xAI", "xai-", r"xai-[A-Za-z0-9]{60,100}"),
    ("Perplexity", "pplx-", r"pplx-[A-Za-z0-9]{40,64}"),
    ("Replicate", "r8_", r"r8_[A-Za-z0-9]{30,64}"),
    ("npm", "npm_", r"npm_[A-Za-z0-9]{36,64}"),
    ("PyPI", "pypi-", r"pypi-[\w-]{50,1000}"),
    ("RubyGems", "rubygems_", r"rubygems_[0-9a-f]{40,64}"),
    ("crates.io", "cio", r"cio[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    ("NuGet", "oy2", r"oy2[a-z0-9]{43}(?![A-Za-z0-9])"),
    ("Docker", "dckr_", r"dckr_(?:pat|oat)_[\w-]{20,64}"),
    ("DigitalOcean", "_v1_", r"do[opr]_v1_[0-9a-f]{64}"),
    ("Heroku", "HRKU-", r"HRKU-[\w-]{30,80}"),
    ("SendGrid", "SG.", r"SG\.[\w-]{16,32}\.[\w-]{16,64}"),
    ("Mailgun", "key-", r"key-[0-9a-f]{32}(?![A-Za-z0-9])"),
    ("Mailchimp", "-us", r"[0-9a-f]{32}-us\d{1,2}(?![A-Za-z0-9])"),
    ("Twilio", "SK", r"SK[0-9a-f]{32}(?![A-Za-z0-9])"),
    ("Telegram", ":", r"\d{8,10}:[A-Za-z0-9_-]{35}(?![\w-])"),
    ("Shopify", "shp", r"shp(?:at|ca|pa|ss|ua)_[0-9a-fA-F]{32}"),
    ("Square", "EAAA", r"EAAA[\w-]{56,64}"),
    ("Square", "sq0", r"sq0[a-z]{3}-[\w-]{22,50}"),
    ("PayPal", "access_token$", r"access_token\$(?:production|sandbox)\$[\w$]{20,120}"),
    ("Linear", "lin_", r"lin_(?:api|oauth)_[A-Za-z0-9]{32,64}"),
    ("Notion", "ntn_", r"ntn_[A-Za-z0-9]{40,60}"),
    ("Notion", "secret_", r"secret_[A-Za-z0-9]{43}(?![A-Za-z0-9])"),
    ("Figma", "fig", r"fig[dou]_[\w-]{36,60}"),
    ("Grafana", "glsa_", r"glsa_\w{32,64}"),
    ("Grafana", "glc_", r"glc_[A-Za-z0-9+/=]{32,400}"),
    ("Databricks", "dapi", r"dapi[0-9a-f]{32}"),
    ("Doppler", "dp.", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{40,80}"),
    ("HashiCorp", "hv", r"hv[sbr]\.[\w-]{24,300}"),
    ("HashiCorp", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70}"),
    ("Cloudflare", "v1.0-", r"v1\.0-[0-9a-f]{24}-[0-9a-f]{146}"),
    ("New Relic", "NRAK-", r"NRAK-[A-Z0-9]{27}"),
    ("Sentry", "sntr", r"sntr[yus]{1,2}_[\w=+/-]{30,300}"),
    ("Supabase", "sb", r"sb(?:p_[0-9a-f]{40}|_secret_[\w-]{20,64})"),
    ("Atlassian", "AT", r"AT(?:ATT3|CTT3|BB)[\w=-]{28,300}"),
    ("Postman", "PMAK-", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    ("Airtable", "pat", r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}"),
    ("Mapbox", "sk.eyJ", r"sk\.eyJ[\w-]{20,300}\.[\w-]{20,60}"),
    ("Netlify", "nf", r"nf[po]_[A-Za-z0-9]{36,64}"),
    ("Tailscale", "tskey-", r"tskey-[\w-]{20,100}"),
    ("Pulumi", "pul-", r"pul-[0-9a-f]{40}"),
    ("PlanetScale", "pscale_", r"pscale_(?:tkn|oauth|pw)_[\w-]{32,64}"),
    ("Nostr", "nsec1", r"nsec1[02-9ac-hj-np-z]{58}"),
    ("age", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    ("Bitcoin", "prv", r"[xyzt]prv[1-9A-HJ-NP-Za-km-z]{100,112}"),
    ("Bitcoin", "", r"(?:5[HJK][1-9A-HJ-NP-Za-km-z]{49}|[KL][1-9A-HJ-NP-Za-km-z]{51})(?!\w)"),
    # A password's hash, which can be tried at leisure.
    ("", "$", r"\$(?:1|2[abxy]|5|6|7|y|apr1|argon2(?:id?|d))\$[\w./$=,+-]{22,200}"),
    ("Dropbox", "sl.", r"sl\.(?:u\.)?[\w-]{100,2000}"),
    ("X", "AAAAAAAA", r"AA{17,29}[\w%]{60,120}"),
    ("Discord", "mfa.", r"mfa\.[\w-]{80,90}"),
    # JSON Web Tokens, and those encrypted, which have five parts.
    ("", "eyJ", r"(?<!-)eyJ[\w-]{8,4000}+\.eyJ[\w-]{4,4000}+(?:\.[\w-]{0,4000}+){0,3}"),
)


def _compiled(form: str) -> re.Pattern[str]:
    """No word goes over into a token; a sign that a name may end with, such as `key_`, can."""
    if form[0].isalnum():  # which a search can skip to
        return re.compile(rf"{form[0]}(?<![A-Za-z0-9].){form[1:]}")
    return re.compile(rf"(?<![A-Za-z0-9])(?:{form})")


_TOKENS = tuple((issuer, needle, _compiled(form)) for issuer, needle, form in _FORMS)
_BOT = re.compile(r"(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{23,28})\.[\w-]{6,7}\.[\w-]{27,45}(?![\w-])")
_AWS_SECRET = re.compile(r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_BLOCK = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d: "
)
_BLOCK_END = re.compile(
    r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|Private-MAC: [0-9a-f]{1,80}"
)


def tokens(text: str) -> Iterator[Found]:
    """All tokens, keys and private blocks in a text as it is seen."""
    if _RUN.search(text):
        yield from _known(text)
    yield from _blocks(text)


def _known(text: str) -> Iterator[Found]:
    has_aws = False
    for issuer, needle, form in _TOKENS:
        if needle not in text:
            continue
        for found in form.finditer(text):
            has_aws |= issuer == "AWS"
            yield Found(Kind.SECRET, found.start(), found.end(), issuer)
    if "." in text:
        for found in _BOT.finditer(text):
            if _names_a_bot(found[1]):
                yield Found(Kind.SECRET, found.start(), found.end(), "Discord")
    if has_aws:  # the other half of the pair has no form of its own
        for found in _AWS_SECRET.finditer(text):
            if not found[0].isalpha():
                yield Found(Kind.SECRET, found.start(), found.end(), "AWS")


def _names_a_bot(first: str) -> bool:
    """Whether the first part of a token of Discord's is a snowflake in base64."""
    try:
        decoded = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4))
    except (binascii.Error, ValueError):
        return False
    return decoded.isdigit() and 17 <= len(decoded) <= 20


def _blocks(text: str) -> Iterator[Found]:
    """Private keys, to their end or, where that is missing, to the end of the text."""
    start = 0
    while begin := _BLOCK.search(text, start):
        end = _BLOCK_END.search(text, begin.end())
        start = end.end() if end else len(text)
        yield Found(Kind.SECRET, begin.start(), start)

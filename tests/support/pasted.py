"""What people paste into chat and should not: made up by lot, and what only looks like it.

Everything secret here is drawn in the forms that issuers document; nothing of it was ever in use.
"""

import base64
import json
import random
import string
from collections.abc import Iterator

from guildwatch.sensitive import Kind

_LETTERS = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"
_SAID = (
    "{}",
    "here you go: {}",
    "oops I pasted {} in the wrong channel",
    "`{}`",
    "```\nexport THING={}\n```",
    "||{}|| don't tell anyone",
    "das ist er: {} bitte löschen",
    "it says {}, is that right?",
)


def _drawn(chance: random.Random, length: int, signs: str = _LETTERS) -> str:
    return "".join(chance.choice(signs) for _ in range(length))


def _luhn(prefix: str, length: int, chance: random.Random) -> str:
    digits = prefix + _drawn(chance, length - len(prefix) - 1, string.digits)
    doubled = [sum(divmod(2 * int(one), 10)) for one in digits[::-1][::2]]
    plain = [int(one) for one in digits[::-1][1::2]]
    return digits + str(-(sum(doubled) + sum(plain)) % 10)


def _iban(country: str, tail: str) -> str:
    number = int("".join(str(int(sign, 36)) for sign in f"{tail}{country}00"))
    return f"{country}{98 - number % 97:02d}{tail}"


def _grouped(text: str, sign: str = " ") -> str:
    return sign.join(text[at : at + 4] for at in range(0, len(text), 4))


def _bot_token(chance: random.Random) -> str:
    snowflake = str(chance.randrange(10**17, 10**18)).encode()
    first = base64.urlsafe_b64encode(snowflake).decode().rstrip("=")
    return f"{first}.{_drawn(chance, 6)}.{_drawn(chance, 38)}"


def _jwt(chance: random.Random) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": _drawn(chance, 9), "iat": 1})
    packed = (base64.urlsafe_b64encode(json.dumps(one).encode()).decode() for one in parts)
    return ".".join([*(one.rstrip("=") for one in packed), _drawn(chance, 43)])


def tokens(chance: random.Random) -> Iterator[str]:
    """What issuers made recognisable."""

    def lot(length: int, signs: str = _LETTERS) -> str:
        return _drawn(chance, length, signs)

    yield _bot_token(chance)
    yield f"https://discord.com/api/webhooks/{lot(18, '123456789')}/{lot(68)}"
    yield f"https://hooks.slack.com/services/T{lot(8)}/B{lot(8)}/{lot(24)}"
    for prefix in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"):
        yield prefix + lot(36)
    yield f"github_pat_{lot(22)}_{lot(59)}"
    yield f"glpat-{lot(20)}"
    yield f"AKIA{lot(16, string.ascii_uppercase + '234567')}"
    yield f"AWS_SECRET_ACCESS_KEY={lot(40)}"
    yield f"AIza{lot(35)}"
    yield f"GOCSPX-{lot(28)}"
    yield f"xoxb-{lot(12, string.digits)}-{lot(12, string.digits)}-{lot(24)}"
    yield f"sk_live_{lot(24)}"
    yield f"rk_test_{lot(24)}"
    yield f"sk-{lot(48)}"
    yield f"sk-proj-{lot(90)}"
    yield f"sk-ant-api03-{lot(93)}"
    yield f"hf_{lot(34)}"
    yield f"npm_{lot(36)}"
    yield f"pypi-AgEIcHlwaS5vcmc{lot(140)}"
    yield f"SG.{lot(22)}.{lot(43)}"
    yield f"dop_v1_{lot(64, _HEX)}"
    yield f"{lot(9, '123456789')}:AA{lot(33)}"
    yield f"shpat_{lot(32, _HEX)}"
    yield f"glsa_{lot(32)}_{lot(8, _HEX)}"
    yield f"hvs.{lot(90)}"
    yield f"dckr_pat_{lot(27)}"
    yield _jwt(chance)
    yield f"-----BEGIN RSA PRIVATE KEY-----\n{lot(64)}\n{lot(64)}\n-----END RSA PRIVATE KEY-----"
    yield f"-----BEGIN OPENSSH PRIVATE KEY-----\n{lot(70)}\n-----END OPENSSH PRIVATE KEY-----"
    yield f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{lot(64)}"
    yield f"postgres://admin:{lot(12)}@db.example.net:5432/main"
    yield f"mongodb+srv://app:{lot(10)}@cluster0.{lot(5).lower()}.mongodb.net/?retryWrites=true"
    yield f"https://user:{lot(9)}@files.example.org/a.zip"
    yield f"https://example.org/app?access_token={lot(32)}"
    yield f"https://example.org/reset-password/{lot(32)}"
    yield f"https://cdn.example.org/a?X-Amz-Expires=60&X-Amz-Signature={lot(64, _HEX)}"
    yield f"Authorization: Bearer {lot(40)}"
    yield f"Authorization: Basic {base64.b64encode(f'admin:{lot(9)}'.encode()).decode()}"
    yield f'api_key = "{lot(32, _HEX)}"'
    yield f"CLIENT_SECRET={lot(32)}"
    yield f"my api key is {lot(24)}"
    yield f'{{"session_token": "{lot(40)}"}}'
    yield f"AccountKey={lot(86)}=="
    yield f"curl -u admin:{lot(10)} https://example.org/"


def passwords(chance: random.Random) -> Iterator[str]:
    """What people call a password or a code, in the languages of reports."""
    word = chance.choice(
        ("hunter", "Sommer", "kotek", "soleil", "gatito", "tulp", "Verona", "praia")
    )
    one = f"{word}{chance.randrange(10, 9999)}{chance.choice(('', '!', '#', '?x'))}"
    for name in (
        "password: {}",
        "Password is {}",
        "my password is {}",
        "the password's {} now",
        "pw: {}",
        "pass={}",
        "passwd = '{}'",
        "login bob / password {}",
        "DB_PASSWORD={}",
        '"password": "{}"',
        "the wifi password is {} ok?",
        "passphrase: {}",
        "Passwort: {}",
        "mein Passwort ist {}",
        "Das Kennwort lautet {}",
        "Das Passwort ist jetzt {}",
        "contraseña: {}",
        "mi contraseña es {}",
        "mot de passe : {}",
        "mon mot de passe est {}",
        "mdp: {}",
        "la mia password è {}",
        "password: {}",
        "wachtwoord: {}",
        "mijn wachtwoord is {}",
        "hasło: {}",
        "moje hasło to {}",
        "senha: {}",
        "a senha é {}",
        "palavra-passe: {}",
    ):
        yield name.format(one)
    code = chance.randrange(100_000, 999_999)
    for name in (
        "your verification code is {}",
        "Dein Bestätigungscode: {}",
        "2FA code {}",
        "{} is your Google verification code",
        "código de verificación: {}",
    ):
        yield name.format(code)
    yield f"PIN: {code // 100}"
    yield "password: correcthorsebatterystaple"
    yield f"root@box:~# mysql -u root -p{one}"


def people(chance: random.Random) -> Iterator[tuple[Kind, str]]:
    """E-mail addresses, phones, cards and accounts."""
    name = chance.choice(("jane.doe", "k.nowak", "bob", "m_rossi+shop", "anna-lena", "x99"))
    host = chance.choice(("example.com", "mail.example.org", "example.co.uk", "web.example.net"))
    yield Kind.EMAIL, f"{name}@{host}"
    yield Kind.EMAIL, f"mailto:{name}@{host}"
    yield Kind.EMAIL, f"{name} [at] {host.replace('.', ' [dot] ')}"
    lot = chance.randrange
    yield Kind.PHONE, f"+49 151 {lot(10**7, 10**8)}"
    yield Kind.PHONE, f"+4917{lot(10**8, 10**9)}"
    yield Kind.PHONE, f"+44 20 7946 0{lot(100, 999)}"
    yield Kind.PHONE, f"+1 (212) 555-01{lot(10, 99)}"
    yield Kind.PHONE, f"(212) 555-01{lot(10, 99)}"
    yield Kind.PHONE, f"212-555-01{lot(10, 99)}"
    yield Kind.PHONE, f"+33 6 12 {lot(10, 99)} {lot(10, 99)} {lot(10, 99)}"
    yield Kind.PHONE, f"06 12 {lot(10, 99)} {lot(10, 99)} {lot(10, 99)}"
    yield Kind.PHONE, f"+48 512 {lot(100, 999)} {lot(100, 999)}"
    yield Kind.PHONE, f"0048 512 {lot(100, 999)} {lot(100, 999)}"
    yield Kind.PHONE, f"Tel. 030/9018{lot(100, 999)}"
    yield Kind.PHONE, f"call me at 555 {lot(100, 999)} {lot(1000, 9999)}"
    yield Kind.PHONE, f"meine Nummer 0171 {lot(10**6, 10**7)}"
    yield Kind.PHONE, f"whatsapp 06{lot(10**7, 10**8)}"
    for prefix, length in (
        ("4", 16),
        ("51", 16),
        ("2221", 16),
        ("34", 15),
        ("6011", 16),
        ("36", 14),
    ):
        card = _luhn(prefix, length, chance)
        yield Kind.CARD, card
        if length == 16:
            yield Kind.CARD, _grouped(card)
            yield Kind.CARD, _grouped(card, "-")
    digits = "".join(chance.choice(string.digits) for _ in range(30))
    for iban in (
        _iban("DE", digits[:18]),
        _iban("FR", digits[:23]),
        _iban("NL", f"ABNA{digits[:10]}"),
        _iban("GB", f"NWBK{digits[:14]}"),
        _iban("PL", digits[:24]),
        _iban("ES", digits[:20]),
    ):
        yield Kind.ACCOUNT, iban
        yield Kind.ACCOUNT, _grouped(iban)


def positives(chance: random.Random) -> Iterator[tuple[Kind, str, str]]:
    """What should be found: its kind, a message with it, and the part that must not remain."""
    for secret in tokens(chance):
        said = chance.choice(_SAID)
        yield Kind.SECRET, said.format(secret), secret
    for told in passwords(chance):
        yield Kind.PASSWORD, chance.choice(("{}", "hi, {}", "{} thx")).format(told), told
    for kind, one in people(chance):
        yield kind, chance.choice(_SAID[:3] + _SAID[6:]).format(one), one


LOOKALIKES = """\
I forgot my password again
the password is wrong, I tried twice
password reset does not work for me
Password: required field, string
how do I store a password hash in argon2?
what's the pass rate of the tests? pass: 12/14
you need a token for that, ask an admin
the token is invalid since this morning
set GITHUB_TOKEN=${{ secrets.GITHUB_TOKEN }} in the workflow
export API_KEY=your_api_key_here
password=os.environ["DB_PASSWORD"]
const token = await getToken(user.id);
commit 3f2a9d1c0b8e7f6a5d4c3b2a19081726354453ad broke it
fixed in a1b2c3d, see 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
id 550e8400-e29b-41d4-a716-446655440000 not found
message 1183746352718237696 in <#1183746352718237697>
https://discord.com/channels/1183746352718237696/1183746352718237697/1183746352718237698
https://cdn.discordapp.com/attachments/1/2/a.png?ex=65a1b2c3&is=658f3dc3&hm=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08&
https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42s&si=Ab3dEf6hIj9lMn0p
https://github.com/rust-lang/rust/commit/3f2a9d1c0b8e7f6a5d4c3b2a19081726354453ad#diff-9f86d081884c7d65
git clone git@github.com:rust-lang/rust.git
root@server:~# ls -la
deploy@web1.example.org:~$ uptime
ssh admin@build.example.org -p 2222
scp a.txt user@host.example.org:/tmp/
version 4.18.0-305.el8.x86_64 on 5.15.0-91-generic
ISBN 978-3-16-148410-0
order 4711-20261121-0042 arrived
issue #123456789012 and PR 4111
2026-11-21 12:03:04.123456789 +0000 UTC
2026-11-21T12:03:04+01:00 took 12345678 ns
at 192.168.178.24:8080 and [2001:db8::8a2e:370:7334]:443
0x00007f3a4c2b1d80 in malloc () from /lib64/libc.so.6
panic at 0xdeadbeefcafebabe, rax=0x0000000000000010
data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk
@mara@mastodon.social posted about it
npm install react@18.2.0 left-pad@1.3.0
systemctl status getty@tty1.service
<:kek:1183746352718237696> <t:1700000000:R> lol
+1 for that, +100000000 points
1 2 3 4 5 6 7 8 9 10 11 12 13 14
the score was 4111 to 1111, total 11111111
pin 13 is ground, pins 4: GND
call me maybe at 5
my number one reason is 2026
Das Passwort habe ich vergessen
Ist das Passwort falsch oder abgelaufen?
olvidé mi contraseña otra vez
j'ai oublié mon mot de passe
ho dimenticato la password
ik ben mijn wachtwoord vergeten
zapomniałem hasła
esqueci a senha
the secret is to keep it simple
key: value pairs in yaml
session: 2026-11-21 evening
code: E0308 mismatched types
error code: 0x80070005
auth-token-service-v2-deployment-7d9f8b6c5d-x2x4k is crashing
token contract: 0x6B175474E89094C44Da98b954EedeAC495271d0F
sha256-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08=
integrity sha384-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwv
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5xVChQ1m2AB9Yg5AULVxXcgSpIdNs6c5H0NE8XYX me@laptop
-----BEGIN PUBLIC KEY-----
-----BEGIN CERTIFICATE-----
tracking 1Z999AA10123456784 says tomorrow
12.345.678,90 EUR and 1,234,567.89 USD
DE89 is a gene variant, GB 12 is a team
call function 1234567 with arg 89
the phone rang 3 times in 2025
phone: Pixel 8, Android 14
meet at 10:30 / 11:45 / 12:15
ticket number 12345678901
my code is 4000 lines long
tel aviv 2024 2025
look at google dot com
meet at the dot com bubble museum
UUID token 550e8400-e29b-41d4-a716-446655440000
session is at 20:00 on 2026-11-21
login: 3 attempts left
unexpected token: '}' near line 20
+1000 gold, +2500000 xp
bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa
Password: min. 8 characters, 1 digit
steam id 76561198012345678
license: MIT, copyright 2024-2026
""".splitlines()

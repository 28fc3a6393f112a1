"""Which words anybody may use of anything, and which might be a made-up name."""

from functools import cache, lru_cache
from importlib.resources import files

from guildwatch.digest.transcript.words import STOP, stem

# What a reporting sentence may say although nobody in the chat said it.
_REPORTING = """
    user users member members people person participant participants discussion question questions
    someone both several team community there they he she problem issue issues suggestion
    suggestions answer answers advice help support conversation topic plans plan developers
    developer author he's later meanwhile according no none nobody attempts attempt efforts
    concerns concern confusion details various different multiple
    benutzer nutzer mitglieder mitglied leute teilnehmer frage fragen problem probleme fehler
    vorschlag vorschläge lösung diskussion thema jemand mehrere
    utilisateur utilisateurs membre membres personne personnes discussion problème question
    usuario usuarios miembro miembros persona personas discusión problema pregunta alguien
    utente utenti membro membri discussione domanda qualcuno usuário usuários pergunta alguém
    gebruiker gebruikers leden iemand probleem vraag
    пользователь пользователи участники участник вопрос проблема
"""
REPORTING = frozenset(_REPORTING.split())

# What tells how something was said or done rather than what, in reporting English.
_MANNER = """
    acknowledge add additionally address admit advise affect aim allow although announce appear
    argue assume attempt available aware call cause challenge check choose claim clarified
    clarify comment complain complaint conclude confirm confused consider continue contribute
    create criticize deal declare decline denied deny describe despite detail determine discover
    discuss doubt due emphasize encounter encourage encourages ensure eventually exchange
    explain explanation explore express finally former furthermore guess guide handle happen
    hint however identified identify illustrate include indicate inform initial initially
    inquire inquiry instance instead intend intention introduce involve join joke lack latter
    learn manage matter member mention method need note notice observe occur offer opinion
    option outline perform place possibility possible potential potentially praise prefer
    present previous previously proper propose provide query raise react realise realize reason
    reassure receive recommend recommendation refer reflect refuse regard regarding related
    remain remark remind replied reply report request require resolve resolved respond response
    result reveal seek seem send several share show similar situation solution solve specific
    specified specify start state status step strategy struggle subject successfully suggest
    suspect task tease thank therefore though topic trouble turn ultimately unable understand
    unsuccessfully various view wait warn way wish wonder workaround write
"""
_FRAME_STEMS = frozenset(map(stem, (*_REPORTING.split(), *_MANNER.split())))

# The spoken names of kinds of things, in capitals as a rule: no names, whoever writes them.
_ABBREVIATIONS = """
    api apis app apps ascii bios cd cds cli cpu cpus css csv db dns dvd dvds eu faq gif gpu gpus gui
    hd hdd html http https id ids ip ir irc iso isp jpg json kb lan led mb gb tb mr ms nas os pc pcs
    pdf php pm png pr prs ram rom rss sd sdk sms sql ssd ssh ssl svg tcp tls tv udp ui uk uri url
    urls us usa usb utc ux vm vms vpn vr wifi wlan wysiwyg xml yaml zip
"""
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())

# Articles, pronouns, prepositions, auxiliaries and the verbs of reporting, beyond English.
_FUNCTION = """
    der die das den dem des ein eine einen einem einer eines und oder aber doch auch nicht kein
    keine keinen ist sind war waren wird wurde wurden werden worden hat haben hatte hatten sei
    sein seine seinen seiner ihr ihre ihren ihrem ihrer sich er sie es wir ihr man dass daß weil
    wenn ob als wie so zu zum zur im in ins am an auf aus bei beim mit nach von vom vor für über
    unter um durch gegen ohne bis seit dort hier dann noch nur schon sehr mehr alle alles diese
    dieser dieses diesen jetzt dabei dazu damit daran darauf sagte sagten meinte fragte fragten
    antwortete berichtete berichteten erklärte schlug schlugen fand fanden will wollte wollten
    soll sollte sollten kann konnte konnten muss musste möchte möchten
    le la les un une des du de au aux et ou mais donc ne pas plus est sont était étaient a ont
    avait avaient été être il elle ils elles on nous vous leur leurs son sa ses ce cet cette ces
    que qui quoi dont où si pour par avec sans dans sur sous vers chez en y se lui tout tous toute
    toutes très aussi dit ont-ils demandé répondu expliqué signalé proposé veut voulait peut fait
    el los las una unos unas del al y o pero no es son era eran fue fueron ha han había habían
    ser estar está están estaba él ella ellos ellas su sus lo le les se que quien cuando donde
    como si para por con sin en sobre entre desde hasta muy más también dijo preguntó respondió
    explicó propuso quiere quería puede hay
    il lo gli uno nel nella nei nelle al alla alle dal dalla di da con su per tra fra e o ma non è
    sono erano stato stata ha hanno aveva si che chi come dove quando anche più molto ha detto
    chiesto risposto spiegato proposto vuole può
    o os as um uma do da dos das no na nos nas ao à pelo pela e ou mas não é são foi foram tem têm
    tinha seu sua seus suas que quem com sem para por em muito mais também disse perguntou
    respondeu explicou quer pode
    het een de van naar met voor bij uit op te en maar niet geen is zijn was waren wordt werd
    werden heeft hebben had hij zij ze wij hun dat die deze dit als dan ook nog wel zei vroeg
    antwoordde wil kan
    и в во не на с со что как а но или у к ко по из за от до для о об это этот эта эти он она они
    его её их был была были быть есть же бы ли так также уже ещё только при над под сказал сказала
    спросил спросила ответил ответила сообщил сообщила предложил предложила хочет может
    also nun eben gar nein bitte bisher bislang vorher bald damals seitdem ambas
    insgesamt zudem schließlich zuletzt daraufhin anschließend später zuvor inzwischen mittlerweile
    vorerst dennoch trotzdem deshalb daher dadurch dafür dagegen darüber allerdings jedoch obwohl
    nachdem sobald solange gemeinsam letztlich offenbar vermutlich wahrscheinlich ferner weitere
    mehrere einige viele manche niemand jeder beide
    enfin ensuite cependant toutefois néanmoins pourtant également finalement malgré grâce suite
    plusieurs quelques certains aucun aucune chacun malheureusement tous
    finalmente además luego entonces embargo aunque mientras debido gracias varios varias algunos
    ninguno nadie todos todas ambos
    während laut trotz wieder danach nachdem wegen weiterhin außerdem zunächst lassen lässt ließ
    chaque depuis afin lors ainsi après avant selon comme doit devait cela celui celle puis
    cada tras según hubo cual cuál qué tiene tenía hace hacer hecho podía debe antes después
    cada depois antes após segundo isso isto ainda até
    dopo prima secondo ogni questo questa quello quella ancora
    после перед через который которая которое которые чтобы всё все мы вы вас нас него неё них
    когда если потому поэтому тоже себя свой свою своей уже пока здесь там
"""
_FUNCTIONS = frozenset(_FUNCTION.split())
# How the words of reporting begin in languages that bend them.
_FRAMES = tuple(
    # Words read better as lines of words.
    "bericht erklär empf fragt gefragt vorschl vorgeschlag teilte geteilt überleg bestätig "  # noqa: SIM905
    "erwähn wies verwies auftritt aufgetr tritt kündig schlug meldet gemeldet wünscht problem "
    "nutzer signal partag expliqu recommand conseill demand propos confirm accept précis indiqu "
    "suggér utilisat souhait constat annonc répond décid indic compart recomend suger propus "
    "propon explic pregunt coment mencion señal inform ofrec usuari decid aconsej consigl chies "
    "chied spieg conferm segnal pergunt utent vroeg stelde legde uitgelegd bevestig raadde "
    "gebruik сообщ предлож предлаг спрос спраш ответ отвеч посовет рекоменд уточн объясн "
    "подтверд упомян встреч обновлен сервер игрок участни замет пользоват участник проблем "
    "вопрос возник реши решен".split()
)

# What Japanese writes as it writes foreign names.
_LOANWORDS = """
    アカウント アクセス アップデート アップロード アニメ アプリ イベント インストール
    エラー オフライン オプション オンライン カメラ キャラ キャラクター クライアント
    クラッシュ グループ ゲーム コード コマンド コミュニティ コメント サーバー サイト
    サイズ サポート システム スクリプト スケジュール スタート ステージ ストーリー
    スピード セーブ ソフト ダウンロード タイトル タイミング チーム チャット チャンネル
    テスト データ デザイン トラブル ドライバー ネットワーク バージョン パーティー バグ
    パソコン パスワード パッチ バランス ファイル フォルダ プラグイン プレイ プレイヤー
    プログラム プロジェクト ページ ボタン ポイント マイク マップ マルチ ミーティング
    メニュー メモリ メッセージ メンテナンス メンバー モード モデル ユーザー ライブ
    ランキング リアルタイム リスト リリース リンク ルール レベル ログ ログイン
"""
LOANWORDS = frozenset(_LOANWORDS.split())

# Given names that are common words too: at a sentence's beginning they are taken for names.
_GIVEN = """
    april art august autumn bill bob buddy cash chance chase chuck dawn dean don drew duke faith
    frank grace grant guy harmony heath hope hunter iris ivy jack jade jay joy judge lance lane
    lucky lucy mark mason max may mercy miles nick norm olive opal patience pat peg penny pierce
    ray rich rob robin rocky rod rose ruby rusty sage sandy skip sky star sterling stone storm
    sue summer tucker val viola wade walker ward will winter woody
"""
GIVEN = frozenset(_GIVEN.split())

_FAMILY = """
    amber angel baker bishop black brook brown carter clay cliff cook cooper crystal daisy drake
    fox gene ginger glen green heather hill holly jewel king melody page parker pearl red reed
    violet white wolf wood young carol destiny basil fisher gardner potter turner walker butler
    porter shepherd slater sawyer weaver miller archer barber chandler
    apple target shell signal portal amazon
"""
FAMILY = frozenset(_FAMILY.split())
"""Words that are names as well: taken for them where somebody says something or owns it."""


@cache
def _common_words() -> frozenset[str]:
    """Common English words; given names and products are left out on purpose."""
    listed = (
        files("guildwatch.digest.checking").joinpath("common_words.txt").read_text("utf-8").split()
    )
    return frozenset((*listed, *STOP, *REPORTING, *_MANNER.split()))


@cache
def _common_stems() -> frozenset[str]:
    return frozenset(map(stem, _common_words()))


@cache
def _english_stems() -> frozenset[str]:
    """The words of SCOWL's size 60 in small letters, and terms of computing."""
    listed = (
        files("guildwatch.digest.checking").joinpath("english_words.txt").read_text("utf-8").split()
    )
    return frozenset(map(stem, listed))


@cache
def _products() -> frozenset[str]:
    """Programs and services, in small letters; those that are everyday words are left out."""
    listed = files("guildwatch.digest.checking").joinpath("products.txt").read_text("utf-8").split()
    return frozenset(listed)


def is_product(word: str) -> bool:
    """Whether a word in small letters is a known program or service in any language."""
    return word in _products()


# Programs and services whose names are everyday words: only where a program's name would stand.
_EVERYDAY = """
    access arch atom azure bootstrap box brave calendar celery chef cinnamon dolphin drive eclipse
    edge element excel express flask go java lambda mate matrix mint nano node notion office opera
    oracle paint plasma pocket rails react rust salt signal slack snap spark spring square steam
    stripe sublime swift teams threads tidal unity unreal vim wine word zoom
"""
EVERYDAY_PRODUCTS = frozenset(_EVERYDAY.split())


_PREFIXES = (
    *("un", "re", "mis", "dis", "pre", "over", "non", "multi", "sub", "auto", "self", "de", "con"),
    *("in", "im", "pro"),
)
_AMERICAN = (("is", "iz"), ("our", "or"), ("ence", "ense"), ("tre", "ter"), ("ogue", "og"))
_ENDINGS_OF_WORDS = ("ing", "ed", "s", "ly", "tion", "sion", "ment", "ity", "ness", "ous", "ive")
_LONG_ENDS = (
    *("ability", "ibility", "ization", "isation", "fulness", "ously", "ively", "ement", "ments"),
    *("able", "ible", "ment", "ness", "ance", "ence", "sion", "tion", "ions", "less", "ally"),
    *("ers", "ors", "ful", "ive", "ize", "ise", "ity", "ous", "ion", "ist", "er", "or", "al", "y"),
)
_SHORTEST_ROOT = 4
_SHORTEST_COMPARED = 5


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """The stem without its long endings too: `reproducible` and `reproduces` are `reproduc`."""
    short = stem(word)
    for end in _LONG_ENDS:
        if short.endswith(end) and len(short) - len(end) >= _SHORTEST_ROOT:
            return short.removesuffix(end)
    return short


@lru_cache(maxsize=50_000)
def is_common(word: str) -> bool:
    """Whether a word is plain English, so that nobody takes it for a name."""
    low = word.lower().replace("’", "'")
    return low in STOP or low in REPORTING or _is_among(low, _common_stems())


@lru_cache(maxsize=50_000)
def in_english(word: str) -> bool:
    """Whether a word in small letters is English at all, however rare, or a term of computing."""
    low = word.lower().replace("’", "'")
    if is_common(low) or low in ABBREVIATIONS or _is_among(low, _english_stems()):
        return True
    rests = (low.removeprefix(start) for start in _PREFIXES if low.startswith(start))
    return any(len(rest) > 3 and in_english(rest.lstrip("-")) for rest in rests)


def _is_among(low: str, stems: frozenset[str]) -> bool:
    if any(stem(each) in stems for each in (low, low.removesuffix("n't"))):
        return True
    for british, american in _AMERICAN:
        if british in low and stem(low.replace(british, american)) in stems:
            return True
    for end in ("ed", "ing", "er", "ers", "est"):  # planned, hitting, bigger, panicked
        short = low.removesuffix(end)
        if short != low and f"{short}e" in stems:  # owing
            return True
        if end == "est" and len(short) >= _SHORTEST_COMPARED and short != low and short in stems:
            return True  # cleanest, not Everest
        is_doubled = short[-1:] == short[-2:-1] or short.endswith("ck")
        if short != low and len(short) > 3 and is_doubled and _is_among(short[:-1], stems):
            return True
    return root(low) in stems or root(low) + "e" in stems


def is_function(word: str) -> bool:
    """Whether a word only holds sentences together, in one of the languages known here."""
    low = word.lower().replace("’", "'")
    return low in STOP or low in _FUNCTIONS


def is_foreign(word: str) -> bool:
    """Whether a word holds sentences together in another language and is no English word."""
    low = word.lower()
    return low in _FUNCTIONS and low not in _common_words()


def is_english_only(word: str) -> bool:
    """Whether a word holds sentences together in English and in no other language known here."""
    low = word.lower()
    return low in STOP and low not in _FUNCTIONS


def is_elsewhere_too(word: str) -> bool:
    """Whether a word holds sentences together in another language, whatever it is in English."""
    return word.lower() in _FUNCTIONS


def is_reporting(word: str) -> bool:
    """Whether a word says how something was told rather than what: `recommended`, `fragte`."""
    low = word.lower()
    return low in REPORTING or stem(low) in _FRAME_STEMS or low.startswith(_FRAMES)


def may_open(word: str) -> bool:
    """Whether a capital on this word may come from the sentence's beginning alone.

    Rare words may be somebody's nickname: of them only those whose ending no name has.
    """
    low = word.lower()
    if word[1:] != word[1:].lower() or low in GIVEN:
        return False
    if low in REPORTING or is_function(low) or is_common(low) or low.startswith(_FRAMES):
        return True
    return low.endswith(_ENDINGS_OF_WORDS) and in_english(low)

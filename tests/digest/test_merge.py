"""Several tellings of one thing become one, and every receipt stays where it belongs."""

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildwatch.digest import roll_up
from guildwatch.digest.checking.check import why_unsupported
from guildwatch.digest.merging.compose import chosen_topics
from guildwatch.digest.merging.merge import MOST_POINTS, Told, fuse_points, fuse_topics
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import telling_stems
from guildwatch.model import Digest, EngineUse, Followed, Point, PointKind, Topic

WORDS = "ferry umlaut saves editor licence harbour bell theme lighthouse moves tuesday 2.4 not"


def fact(text, *ids, kind=PointKind.FACT, quoted=False):
    return Point(text, kind, ids, quoted)


def told(title, *points, channel=21, weight=1.0, people=(1,), **fields):
    topic = Topic(title, points, (channel,), 5, len(people), **fields)
    return Told(topic, frozenset(people), weight)


def digest(*topics, followed=(), headline="h"):
    return Digest(
        headline, (1,), topics, (), 20, {}, EngineUse("extractive"), 3, followed=tuple(followed)
    )


sentences = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=6).map(" ".join)
points = st.builds(
    Point,
    sentences,
    st.sampled_from(PointKind),
    st.lists(st.integers(1, 40), min_size=1, max_size=3, unique=True).map(tuple),
    st.booleans(),
)
topics = st.builds(
    Told,
    st.builds(
        Topic,
        sentences,
        st.lists(points, min_size=1, max_size=MOST_POINTS).map(tuple),
        st.lists(st.integers(1, 3), min_size=1, max_size=2, unique=True).map(tuple),
        st.integers(1, 90),
        st.integers(1, 9),
    ),
    st.frozensets(st.integers(1, 5), max_size=3),
    st.floats(0, 9, allow_nan=False),
)


def receipts(points):
    return {one for point in points for one in point.message_ids}


@given(st.lists(points, max_size=12))
def test_points_lose_no_receipt_and_gain_none(some):
    fused = fuse_points(some)
    assert receipts(fused) == receipts(some)
    assert {point.text for point in fused} <= {point.text for point in some}
    assert fuse_points(fused) == fused


@given(points)
def test_a_lone_point_stays_as_it_is(point):
    assert fuse_points([point]) == (point,)


@settings(max_examples=60)
@given(st.lists(topics, max_size=6))
def test_topics_gain_no_receipt_lose_no_people_and_are_merged_once_and_for_all(some):
    fused = fuse_topics(some)
    given_ = receipts(point for each in some for point in each.topic.points)
    assert receipts(point for each in fused for point in each.topic.points) <= given_
    assert sum(each.topic.messages for each in fused) == sum(each.topic.messages for each in some)
    channels = {id_ for each in some for id_ in each.topic.channel_ids}
    assert {id_ for each in fused for id_ in each.topic.channel_ids} == channels
    assert all(each.topic.points for each in fused)
    assert fuse_topics(fused) == fused


@given(topics)
def test_a_lone_topic_passes_unchanged(one):
    assert fuse_topics([one]) == [one]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The release moves to Tuesday.", "The release moves to Thursday."),
        ("Release 2.4 moves to Tuesday.", "Release 2.5 moves to Tuesday."),
        ("The save bug of the editor is fixed.", "The save bug of the editor is not fixed."),
        ("Der Fehler im Editor ist behoben.", "Der Fehler im Editor ist nicht behoben."),
    ],
)
def test_what_differs_in_a_number_a_day_or_a_denial_is_not_the_same(one, other):
    assert len(fuse_points([fact(one, 1), fact(other, 2)])) == 2


def test_two_people_who_say_the_same_are_both_quoted():
    said = [
        fact(f"{name}: “the goose sits on tile 255”", 1, quoted=True) for name in ("Ola", "Baz")
    ]
    assert fuse_points(said) == tuple(said)


def test_one_matter_told_in_two_channels_is_one_topic_with_the_receipts_of_both():
    dev = told(
        "Release moves",
        fact("Release 2.4 moves to Tuesday.", 1, kind=PointKind.DECISION),
        weight=5,
        channel=22,
    )
    news = told(
        "What comes on Tuesday",
        fact("The release 2.4 moves to Tuesday.", 9, kind=PointKind.DECISION),
        channel=23,
        people=(2, 3),
    )
    (one,) = fuse_topics([news, dev])
    assert one.topic.title == "Release moves"
    assert set(one.topic.points[0].message_ids) == {1, 9}
    assert set(one.topic.channel_ids) == {22, 23}
    assert one.topic.people == 3


def test_of_thousands_that_were_told_the_weightiest_are_chosen_at_once():
    names = ["".join(letters) for letters in itertools.product("bdfgklmnprst", repeat=4)][:4000]
    many = [
        told(
            f"{name} harbour{name}",
            *(fact(f"{name} moves part{name}{k}", 5 * place + k) for k in range(5)),
            channel=place,
            weight=float(place % 997),
        )
        for place, name in enumerate(names)
    ]

    def seconds(count: int) -> float:
        began = time.process_time()
        chosen_topics(many[:count], 12)
        return time.process_time() - began

    chosen = chosen_topics(many, 12)
    # To compare all of them with each other would take 64 times as long.
    assert seconds(len(many)) < 32 * max(0.01, min(seconds(len(many) // 8) for _ in range(2)))
    assert len(chosen) == 12
    assert all(topic.channel_ids[0] % 997 > 900 for topic in chosen)


def test_topics_are_not_lacking_because_the_weightiest_were_one_matter():
    same = [told("ferry bell", fact("the ferry moves", n), weight=9.0) for n in range(1, 40)]
    lesser = told("umlaut licence", fact("the umlaut saves", 99), weight=1.0)
    assert len(chosen_topics([*same, lesser], 2)) == 2


def test_a_point_that_two_topics_tell_is_told_once_with_the_receipts_of_both():
    release = told(
        "Release", fact("Release 2.4 moves to Tuesday.", 1), fact("Two crashes are left.", 2)
    )
    jam = told(
        "Game jam",
        fact("The theme is Lighthouse.", 3),
        fact("The release 2.4 moves to Tuesday.", 4),
    )
    first, second = fuse_topics([release, jam])
    assert first.topic.points[0].message_ids == (1, 4)
    assert [point.text for point in second.topic.points] == ["The theme is Lighthouse."]


def test_what_was_fused_is_still_borne_out_by_its_messages():
    texts = {
        1: "release 2.4 moves to Tuesday, two crashes are left",
        2: "so the release 2.4 moves to Tuesday then",
    }
    lines = {
        id_: Line(id_, 21, id_, "Mara", text, float(id_), said=telling_stems(text))
        for id_, text in texts.items()
    }
    (point,) = fuse_points(
        [fact("Release 2.4 moves to Tuesday.", 1), fact("The release 2.4 moves to Tuesday.", 2)]
    )
    cited = [lines[one] for one in point.message_ids]
    assert len(cited) == 2
    assert why_unsupported(point.text, cited, lines.values(), longest=280) is None


def test_a_title_whose_point_was_cut_gives_way_to_a_point():
    ids = itertools.count(1)
    long = told(
        "Zeppelin",
        *(fact(f"Zeppelin {word} rudder", next(ids)) for word in WORDS.split()[:5]),
        weight=9,
    )
    others = [
        told("zeppelin", *(fact(f"{word} number {n}", next(ids)) for word in ("hull", "mast")))
        for n in range(9)
    ]
    (one,) = fuse_topics([long, *others])
    assert len(one.topic.points) <= 8
    said = {word for point in one.topic.points for word in telling_stems(point.text)}
    assert said.issuperset(telling_stems(one.topic.title.removesuffix("…")))


def test_days_that_continue_each_other_are_one_topic_and_each_is_heard():
    monday = Topic("Saves vanish", tuple(fact(f"m{n} umlaut", n) for n in range(1, 6)), (21,), 9, 3)
    tuesday = Topic(
        "Encoding",
        (fact("latin-1 was it", 11),),
        (21,),
        4,
        2,
        continues="Saves vanish",
        continues_ids=(1, 2, 3, 4, 5),
    )
    friday = Topic(
        "Tested",
        (fact("it holds on Windows", 21),),
        (22,),
        4,
        2,
        continues="Encoding",
        continues_ids=(11,),
    )
    week = roll_up([digest(monday), digest(tuesday), digest(friday)])
    (one,) = week.topics
    assert {11, 21} <= receipts(one.points)
    assert (one.continues, one.continues_ids) == (None, ())
    assert one.messages == 17


def test_what_a_week_goes_on_from_lies_before_it():
    sunday = (3, 4)
    monday = Topic("A", (fact("a thing", 11),), (21,), 9, 3, "Earlier", sunday)
    tuesday = Topic("B", (fact("b other", 21),), (21,), 9, 3, "A", (11,))
    (one,) = roll_up([digest(monday), digest(tuesday)]).topics
    assert (one.continues, one.continues_ids) == ("Earlier", sunday)


def test_what_was_answered_on_a_later_day_is_not_open_in_the_week():
    question = fact("Which licence does the sound pack have?", 3, kind=PointKind.QUESTION)
    answer = fact("Kenji: “CC-BY”", 12, quoted=True)
    monday = digest(Topic("Asked", (question,), (21,), 1, 1))
    tuesday = digest(followed=[Followed(question)])
    thursday = digest(followed=[Followed(question, answer)])
    friday = digest()
    week = roll_up([monday, tuesday, thursday, friday])
    assert week.points(PointKind.QUESTION) == ()
    assert week.followed == (Followed(question, answer),)


def test_what_the_last_day_still_calls_open_is_open_in_the_week():
    old = fact("Who has the harbour key?", 3, kind=PointKind.QUESTION)
    stale = fact("Which theme wins the bell?", 2, kind=PointKind.QUESTION)
    week = roll_up(
        [digest(followed=[Followed(stale), Followed(old)]), digest(followed=[Followed(old)])]
    )
    assert week.followed == (Followed(old),)

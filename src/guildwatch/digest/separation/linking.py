"""What may speak for a line's going on from an earlier one: a weight for each piece of evidence."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """What each piece of evidence weighs, that one line goes on from another; 0 is nothing.

    `own` is a line of the same author, `to` one of somebody whom the new line speaks to, `from` one
    that speaks to the new line's author, `last` the latest line of all or, after another word, the
    latest of its kind. What begins with `replying` counts by how many of the last lines are
    replies: where people use them, a line that is none is less likely to go on from another.
    """

    # How near it is: logarithms of minutes and of lines in between, and whether it is so near.
    pause: float = 0.0
    within_1_min: float = 0.0
    within_5_min: float = 0.0
    within_30_min: float = 0.0
    within_2_h: float = 0.0
    distance: float = 0.0
    last: float = 0.0
    of_last_5: float = 0.0
    of_last_10: float = 0.0
    # The same author goes on.
    own: float = 0.0
    own_last: float = 0.0
    own_last_120_s: float = 0.0
    own_last_20_min: float = 0.0
    own_last_addressing: float = 0.0
    own_last_to_same: float = 0.0
    own_long_ago: float = 0.0
    own_last_replied: float = 0.0
    own_last_distance: float = 0.0
    own_pause: float = 0.0
    own_feed: float = 0.0
    feed_unshared: float = 0.0
    own_between: float = 0.0
    # Who is named, mentioned or answered by whom.
    to: float = 0.0
    to_last: float = 0.0
    to_last_20_min: float = 0.0
    to_20_min: float = 0.0
    to_newcomer: float = 0.0
    to_naming: float = 0.0
    to_pause: float = 0.0
    from_: float = 0.0
    from_last: float = 0.0
    from_last_10_min: float = 0.0
    from_unanswered: float = 0.0
    each_other: float = 0.0
    to_between: float = 0.0
    to_of_others: float = 0.0
    to_of_others_known: float = 0.0
    to_turned_away: float = 0.0
    to_partner_of: float = 0.0
    to_same: float = 0.0
    to_other: float = 0.0
    of_others: float = 0.0
    of_others_unaddressed: float = 0.0
    open_talk: float = 0.0
    open_talk_last: float = 0.0
    # Who has been talking to whom.
    talked: float = 0.0
    talked_last: float = 0.0
    my_partner: float = 0.0
    my_partner_last: float = 0.0
    their_partner: float = 0.0
    their_partner_last: float = 0.0
    busy_elsewhere: float = 0.0
    # Telling words that both share, by how rare they are.
    shared: float = 0.0
    shared_own: float = 0.0
    rarest: float = 0.0
    shared_lately: float = 0.0
    shared_pause: float = 0.0
    rare_again: float = 0.0
    same_number: float = 0.0
    # In which manner both are said.
    question: float = 0.0
    open_question: float = 0.0
    newcomer_waiting: float = 0.0
    assent_from: float = 0.0
    assent_own: float = 0.0
    opening_foreign: float = 0.0
    short_last: float = 0.0
    short_own: float = 0.0
    greeting_foreign: float = 0.0
    turn: float = 0.0
    turn_last: float = 0.0
    link_last: float = 0.0
    replied: float = 0.0
    feed_answering: float = 0.0
    answering_command: float = 0.0
    after_closing: float = 0.0
    before_heading: float = 0.0
    # How the channel talks.
    last_quick: float = 0.0
    last_10_s: float = 0.0
    stranger_to_newcomer: float = 0.0
    pause_naming: float = 0.0
    own_last_naming: float = 0.0
    replying_own: float = 0.0
    replying_own_last: float = 0.0
    replying_last: float = 0.0
    replying_foreign: float = 0.0
    replying_from: float = 0.0


LINKING = tuple(each.name for each in fields(Linking))

"""Which seats are chosen, on halls drawn as text: the canvas is above, a blank is an aisle."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showtimes.choice.best import NotEnoughSeats, Wish
from showtimes.choice.nearest import nearest, nearest_that_leaves_nobody_lonely
from showtimes.choice.plan import PlanSeat, lonely_seats, runs, sweet_spot
from showtimes.choice.proposals import best

KINDS = {"w": "wheelchair", "k": "companion", "c": "couple"}
LETTER_OF = {"standard": "."} | {kind: letter for letter, kind in KINDS.items()}
LETTERS = "ABCDEFGHJKLM"


def hall(*rows, category=lambda row: 1):
    """`.` is a seat, w a wheelchair space, k a companion seat, c a couple seat; xWKC are taken."""
    seats = []
    for y, row in enumerate(rows):
        places = [(x, letter) for x, letter in enumerate(row) if letter != " "]
        for number, (x, letter) in enumerate(places, start=1):
            kind = KINDS.get(letter.lower(), "standard")
            free = letter in ".wkc"
            seats.append(
                PlanSeat(y * 100 + x + 1, LETTERS[y], number, x, y, kind, category(y), free)
            )
    return seats


def drawn(seats, ids):
    """The rows of the hall again, with `o` for the ids."""
    rows = {}
    for seat in seats:
        row = rows.setdefault(seat.y, [" "] * (1 + int(max(one.x for one in seats))))
        letter = LETTER_OF[seat.kind]
        row[int(seat.x)] = "o" if seat.id in ids else letter if seat.free else "x"
    return ["".join(row).rstrip() for row in rows.values()]


def proposed(count, *rows, **wish):
    """The hall with what is proposed, how it is arranged and what it gave up."""
    seats = hall(*rows)
    found = best(seats, Wish(count, **wish))
    return (
        drawn(seats, [seat.id for seat in found.seats]),
        found.arrangement,
        list(found.gave_up),
    )


def test_the_best_place_is_in_the_middle_two_thirds_back():
    rows = [".........."] * 7
    picture, *how = proposed(4, *rows)
    assert picture == rows[:4] + ["...oooo..."] + rows[5:]
    assert how == ["together", []]


def test_a_row_is_as_far_as_two_seats():
    rows = ["..........", "..........", "....xx....", ".........."]
    assert proposed(2, *rows)[0][2] == "..ooxx...."
    rows = ["..........", "..........", "...xxxx...", ".........."]
    assert proposed(2, *rows)[0][1] == "....oo...."


def test_an_aisle_is_not_sat_across():
    assert proposed(3, ".. ..  ...")[0] == [".. ..  ooo"]


def test_nobody_is_left_lonely_while_there_is_another_place():
    # In the middle of seven, two and three would be left; of five, one on either side.
    assert proposed(3, "x.....x")[0] == ["xooo..x"]
    assert proposed(2, "...", "....")[0] == ["...", "oo.."]


def test_together_goes_before_leaving_nobody_lonely():
    assert proposed(2, "x...x") == (["xoo.x"], "together", ["no_lonely_seat"])


def test_a_seat_that_is_lonely_already_is_nobodys_fault():
    assert proposed(1, "x.x")[1:] == ("together", [])


def test_who_cannot_sit_together_sits_in_two_groups_near_each_other():
    assert proposed(4, "..x....", "xxxxxxx", "..xx..x")[1] == "together"
    assert proposed(4, "..xx..", "xxxxxx", "xxxxxx", "..xxxx") == (
        ["ooxxoo", "xxxxxx", "xxxxxx", "..xxxx"],
        "two_groups",
        ["together"],
    )
    assert proposed(4, "x..xxx", "x..x..")[0] == ["xooxxx", "xoox.."]


def test_nobody_sits_alone_while_two_and_two_can_be_had():
    assert proposed(4, "...x.", "xxxxx", "xxxxx", "..x..")[0][-1] == "ooxoo"
    assert proposed(4, "...x.")[:2] == (["oooxo"], "two_groups")


def test_else_anywhere():
    assert proposed(3, ".x.x.") == (["oxoxo"], "apart", ["together"])


def test_too_few_seats_are_counted():
    with pytest.raises(NotEnoughSeats) as error:
        proposed(3, ".x.w")
    assert error.value.answer == {"seats_left": 2}
    assert str(error.value.detail) == "3 seats were asked for, 2 are left."
    with pytest.raises(NotEnoughSeats):
        best([], Wish(1))


def test_wheelchair_and_companion_places_are_proposed_only_when_asked_for():
    assert proposed(2, "xxwk..xx")[0] == ["xxwkooxx"]
    with pytest.raises(NotEnoughSeats):
        proposed(3, "xxwk..xx")


def test_wheelchair_spaces_come_with_the_companion_seats_beside_them():
    assert proposed(1, "wk..", wheelchairs=1)[0] == ["ok.."]
    assert proposed(2, "wk..", wheelchairs=1)[0] == ["oo.."]
    assert proposed(3, "wk...", ".....", wheelchairs=1) == (
        ["ooo..", "....."],
        "together",
        [],
    )
    assert proposed(4, "wk..kw", wheelchairs=2) == (["oo..oo"], "two_groups", ["together"])
    assert proposed(2, "wK..", "....", wheelchairs=1)[0][0] == "oxo."


def test_too_few_wheelchair_spaces_are_counted_too():
    with pytest.raises(NotEnoughSeats, match="2 wheelchair spaces were asked for, 1 is left"):
        proposed(2, "wkWK....", wheelchairs=2)


def test_couples_are_not_parted():
    assert proposed(2, "cccc")[0] in (["oocc"], ["ccoo"])
    assert proposed(2, "cCcc")[0] == ["cxoo"]
    assert proposed(2, "xxxx", "cc.x")[0] == ["xxxx", "oo.x"]
    with pytest.raises(NotEnoughSeats):
        proposed(3, "cccc")


def test_of_a_category_only():
    seats = hall("....", "....", "....", category=lambda row: row)
    assert {seat.row for seat in best(seats, Wish(3, category=0)).seats} == {"A"}


def test_the_sweet_spot_counts_sold_seats_too():
    assert sweet_spot(hall("xxxxx", "xxxx.", "xxxxx", "xxxxx")) == (2, 2)


@pytest.mark.parametrize(
    ("row", "chosen", "lonely"),
    [
        ("x...x", [2, 3], [4]),
        ("....", [2], [1]),
        (".... ....", [2, 3], [1, 4]),
        ("x.x..", [4, 5], []),
        ("wk...", [4, 5], [3]),
        (".....", [1, 2], []),
    ],
)
def test_a_seat_alone_between_taken_ones_aisles_and_walls_is_lonely(row, chosen, lonely):
    assert [seat.id for seat in lonely_seats(hall(row), chosen)] == lonely


def test_the_nearest_seats_are_as_many_and_cost_the_same():
    seats = hall("........", "..xxxx..", "........", category=lambda row: row // 2)
    assert drawn(seats, nearest(seats, [104, 105])) == ["...oo...", "..xxxx..", "........"]
    seats = hall("xxxxxxxx", "..xxxx..", "........", category=lambda row: row // 2)
    assert drawn(seats, nearest(seats, [104, 105]))[1:] == ["ooxxxx..", "........"]
    assert nearest(hall("xx", ".."), [1, 2]) == [101, 102]
    assert nearest(hall("xx", ".."), [1, 999]) == []  # Taken out of the hall meanwhile.
    assert nearest(hall("xx", "..", category=lambda row: row), [1, 2]) == []


def test_groups_that_cannot_be_had_are_replaced_one_by_one():
    seats = hall("xx....", "xx....", category=lambda row: row)
    found = nearest(seats, [1, 2, 101, 102])
    assert drawn(seats, found) == ["xxoo..", "xxoo.."]


def test_a_wheelchair_space_is_replaced_by_another_with_its_companion():
    seats = hall("WK......kw")
    assert drawn(seats, nearest(seats, [1, 2])) == ["xx......oo"]


def test_a_better_choice_leaves_nobody_lonely():
    seats = hall("......", "xxxxxx")
    assert drawn(seats, nearest_that_leaves_nobody_lonely(seats, [2, 3]))[0] in (
        "oo....",
        "..oo..",
    )
    assert nearest_that_leaves_nobody_lonely(hall("..."), [1, 2]) == []


ROWS = st.lists(st.text(".. x.xxwkcc", min_size=1, max_size=14), min_size=1, max_size=8)


def found_in(rows, wish):
    seats = hall(*rows)
    try:
        return seats, best(seats, wish)
    except NotEnoughSeats:
        return seats, None


@given(ROWS, st.integers(1, 10), st.integers(0, 3))
def test_whatever_is_proposed_can_be_had(rows, count, wheelchairs):
    seats, found = found_in(rows, Wish(count, wheelchairs=min(count, wheelchairs)))
    if found is None:
        return
    assert all(seat.free for seat in found.seats)
    assert len(found.seats) == len({seat.id for seat in found.seats}) == count
    kinds = Counter(seat.kind for seat in found.seats)
    assert kinds["wheelchair"] == min(count, wheelchairs)
    assert not kinds["companion"] or kinds["wheelchair"]
    assert kinds["couple"] % 2 == 0
    assert found_in(rows, Wish(count, wheelchairs=min(count, wheelchairs)))[1] == found


@given(ROWS, st.integers(1, 10))
def test_a_proposal_keeps_what_it_says(rows, count):
    seats, found = found_in(rows, Wish(count))
    if found is None:
        return
    side_by_side = len(list(runs(found.seats)))
    assert len(found.groups) == side_by_side
    assert (found.arrangement == "together") == (side_by_side == 1)
    assert ("together" in found.gave_up) == (side_by_side > 1)
    lonely = lonely_seats(seats, [seat.id for seat in found.seats])
    assert ("no_lonely_seat" in found.gave_up) == bool(lonely)


@given(ROWS, st.integers(1, 10))
def test_seats_are_found_whenever_enough_are_free(rows, count):
    seats = hall(*(row.replace("c", ".") for row in rows))
    free = sum(seat.free and seat.kind == "standard" for seat in seats)
    try:
        assert len(best(seats, Wish(count)).seats) == count <= free
    except NotEnoughSeats as error:
        assert error.answer == {"seats_left": free}
        assert free < count


@given(ROWS, st.data())
def test_the_nearest_seats_are_free_and_others(rows, data):
    seats = hall(*rows, category=lambda row: row % 2)
    if not seats:
        return
    ids = [seat.id for seat in seats]
    asked = data.draw(st.lists(st.sampled_from(ids), unique=True, min_size=1, max_size=6))
    lost = [seat._replace(free=seat.free and seat.id not in asked) for seat in seats]
    found = nearest(lost, asked)
    by_id = {seat.id: seat for seat in lost}
    assert all(by_id[pk].free for pk in found)
    if found:
        of = Counter(by_id[pk].category for pk in found)
        assert of == Counter(by_id[pk].category for pk in asked)

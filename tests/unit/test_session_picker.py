"""The list of sessions to choose from."""

import pytest

from f1nb.panels.session_picker import SessionPicker

DUTCH = {"year": 2025, "event": "Dutch Grand Prix", "session": "R"}


def test_offers_the_sessions_in_order_and_the_simulated_one_at_the_end():
    picker = SessionPicker([DUTCH, {**DUTCH, "session": "Q"}])
    assert [(s["event"], s["session"], s["is_simulated"]) for s in picker.sessions] == [
        ("Dutch Grand Prix", "R", False),
        ("Dutch Grand Prix", "Q", False),
        ("Simulated Grand Prix", "R", True),
    ]
    assert picker.value is None


def test_a_simulated_session_of_the_store_is_not_offered_twice():
    own = {"year": 2026, "event": "Simulated Grand Prix", "session": "R", "is_simulated": True}
    assert SessionPicker([own]).sessions == [own]


def test_takes_rows_with_more_in_them_than_it_sends():
    row = {**DUTCH, "folder": "2025/dutch-grand-prix/R", "round": 15}
    assert SessionPicker([row], value=row).value == {**DUTCH, "is_simulated": False}


def test_a_session_of_another_store_is_marked():
    picker = SessionPicker([DUTCH, {**DUTCH, "session": "Q", "is_shared": True}])
    assert [s["session"] for s in picker.sessions if s.get("is_shared")] == ["Q"]


def test_tells_what_was_chosen():
    picker, chosen = SessionPicker([DUTCH]), []
    picker.observe(lambda change: chosen.append(change["new"]["event"]), "value")
    picker.set_state({"value": {**DUTCH, "is_simulated": False}})  # as it comes from the browser
    assert chosen == ["Dutch Grand Prix"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"year": 2025, "session": "R"}, "event is missing"),
        ({"event": "Dutch Grand Prix"}, "year, session is missing"),
        ({**DUTCH, "session": "FP9"}, "no kind of session 'FP9'; there are FP1, FP2"),
    ],
)
def test_an_incomplete_session_is_refused(entry, message):
    with pytest.raises(ValueError, match=message):
        SessionPicker([entry])
    with pytest.raises(ValueError, match=message):
        SessionPicker(value=entry)

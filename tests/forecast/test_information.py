from lotwise.forecast.information import states


def test_states_of_a_past_cutoff():
    """Sources are added in order, withheld one by one, and noise is added to all."""
    assert states(["a", "b", "c"], past=True, placebo=True) == {
        "method": (),
        "upto-a": ("a",),
        "upto-b": ("a", "b"),
        "now": ("a", "b", "c"),
        "now-a": ("b", "c"),
        "now-b": ("a", "c"),
        "now-c": ("a", "b"),
        "placebo": ("a", "b", "c", "placebo"),
    }


def test_the_current_cutoff_knows_now_only():
    """What is not settled is not split by source."""
    assert states(["a", "b"], past=False, placebo=True) == {"now": ("a", "b")}


def test_a_state_is_fitted_once_under_both_its_names():
    """Five sources make eleven states but ten fits: all but the last is all up to the one before."""
    found = states("abcde", past=True, placebo=True)
    assert len(found) == 12
    assert len(set(found.values())) == 11

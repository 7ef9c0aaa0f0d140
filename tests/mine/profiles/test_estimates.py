"""Tests of maximum likelihood."""

from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.profiles.estimates import maximize


def gamma_rate(values, data):
    """Return the log-likelihood of exponential times with one rate, and its gradient."""
    (rate,) = values
    return len(data) * np.log(rate) - rate * data.sum(), np.array([len(data) / rate - data.sum()])


def test_the_closed_form():
    """The rate of exponential times is n / sum with standard error rate / sqrt(n), from any start."""
    data = np.random.default_rng(1).exponential(0.25, 400)
    for start in (0.01, 4.0, 300.0):
        found = maximize(lambda values: gamma_rate(values, data), ("rate",), np.array([start]), scale=np.ones(1), rows=400)
        assert found.values[0] == pytest.approx(400 / data.sum(), rel=1e-7)
        assert found.standard_errors[0] == pytest.approx(found.values[0] / 20, rel=1e-4)
        low, high = found.interval()
        assert low[0] * high[0] == pytest.approx(found.values[0] ** 2)


def test_a_likelihood_without_a_maximum():
    """Where more is always better, the search ends at the end of its range, and says so."""
    found = maximize(lambda values: (values[0], np.ones(1)), ("size",), np.ones(1), scale=np.ones(1), rows=1)
    assert found.on_bound == ("size",)
    assert found.values[0] == pytest.approx(np.exp(8), rel=1e-3)
    assert np.isnan(found.standard_errors[0])

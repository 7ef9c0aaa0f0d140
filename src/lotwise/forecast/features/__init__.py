"""What the forecaster is told: one file a family of features, each from one table.

A family takes the facts and its source and returns arrays by name, each of a shape that broadcasts to
``(n_series, n_weeks, horizon)``: the value at every origin (the last known week) for every week ahead.
Column t of a past family uses weeks up to t only (less the source's lead); plans use target weeks that were announced.
Beside its features each family says what they mean (``MEANINGS``), and ``sound`` tells of sources that come late,
say nothing, or say what another says.
"""

"""Demand for options and configurations: total times take rates, exploded to components, coherent in every draw.

``take_rates`` says how often each value is chosen, ``Mix`` what is chosen together, ``logit`` what a segment chooses;
``forecast`` explodes joint draws of products' totals to option values and components. All four work on plain frames.
"""

from lotwise.forecast.options.demand import forecast
from lotwise.forecast.options.logit import Logit, logit
from lotwise.forecast.options.mix import Mix
from lotwise.forecast.options.rates import take_rates

__all__ = ["Logit", "Mix", "forecast", "logit", "take_rates"]

"""What will be asked for: quantiles and joint scenarios of demand, from each state of information.

One pooled model forecasts all products directly for every week ahead, its quantiles are calibrated on weeks it
had not seen, and draws keep the way products and weeks move together. The same is done as of past cutoffs, once
for each set of sources that might have been known, so that the worth of a source can be measured in money.
"""

from lotwise.config import Forecast, Source
from lotwise.forecast.frames import read
from lotwise.forecast.longframes import backtest, forecast, select, tune
from lotwise.forecast.make import make
from lotwise.forecast.own import Forecaster
from lotwise.forecast.run import run
from lotwise.forecast.settled import score

__all__ = ["Forecast", "Forecaster", "Source", "backtest", "forecast", "make", "read", "run", "score", "select", "tune"]

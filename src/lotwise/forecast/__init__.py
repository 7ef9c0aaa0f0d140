"""What will be asked for: quantiles and joint scenarios of demand, from each state of information.

One pooled model forecasts all products directly for every week ahead, its quantiles are calibrated on weeks it
had not seen, and draws keep the way products and weeks move together. The same is done as of past cutoffs, once
for each set of sources that might have been known, so that the worth of a source can be measured in money.
"""

from lotwise.forecast.backtest import backtest, predict
from lotwise.forecast.run import run

__all__ = ["backtest", "predict", "run"]

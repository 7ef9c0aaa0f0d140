"""What is lost against the ideal, in money, and why: the ledger of the information gap.

Past plans, each made from one state of information and settled against the demand that came, are subtracted from
one another; what they differ by is booked in the accounts unknown, unmade, undone and unseen, to the cent.
Every line has an interval and a verdict, a source of pure noise stands beside the real ones, and a sweep shows
how the figures depend on the margins.
"""

from lotwise.config import Gap
from lotwise.gap.choices import choice_regret, experiment
from lotwise.gap.frames import decide, information_gap, value_ledger
from lotwise.gap.interval import bootstrap, interval
from lotwise.gap.ledger import measure
from lotwise.gap.run import run
from lotwise.gap.sweep import pinball_regret, sweep
from lotwise.gap.value import Value, prescriptiveness, settle

__all__ = [
    "Gap",
    "Value",
    "bootstrap",
    "choice_regret",
    "decide",
    "experiment",
    "information_gap",
    "interval",
    "measure",
    "pinball_regret",
    "prescriptiveness",
    "run",
    "settle",
    "sweep",
    "value_ledger",
]

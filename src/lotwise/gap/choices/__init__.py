"""What customers did not see: choices against the whole range, what was never shown, and what trials say.

A conditional logit fitted to what customers chose among what they looked at gives utilities in money; regret and surplus
follow from it. Nothing here is ever added to the other accounts.
"""

from lotwise.gap.choices.longchoices import choice_regret
from lotwise.gap.choices.trial import experiment

__all__ = ["choice_regret", "experiment"]

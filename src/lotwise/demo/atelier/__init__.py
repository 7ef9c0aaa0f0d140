"""A simulated workshop that makes clothing to order, for three regions and 78 weeks, with its true law of demand.

``write`` makes the project; ``truth`` returns what holds behind it: the rate of every style, region and week, the
effects that move it, demand before stock ran out, how the floor departs from its plan, and every planted fault.
"""

from lotwise.demo.atelier.files import write
from lotwise.demo.atelier.world import Effects, Execution, Truth, truth

__all__ = ["Effects", "Execution", "Truth", "truth", "write"]

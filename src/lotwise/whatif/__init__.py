"""What if: the plan of the weeks to come under changed tables and settings, beside what is published.

``scenario`` reads the file that names the changes, ``change`` makes them in copies of the tables, ``study`` plans each scenario
and the unchanged tables in the same way, ``difference`` says what became different, in money first;
``after_event`` makes the schedule anew after what happened on the floor.
"""

from lotwise.whatif.difference import Differences, differ
from lotwise.whatif.event import after_event, publish
from lotwise.whatif.scenario import BASE, Scenario, read
from lotwise.whatif.study import compare, what_if

__all__ = ["BASE", "Differences", "Scenario", "after_event", "compare", "differ", "publish", "read", "what_if"]

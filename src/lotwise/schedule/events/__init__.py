"""What happens after a schedule is published, and the schedule made anew: machines down, rush orders, late materials, scrap.

``read`` takes events from a TOML file, ``change`` makes them changes of the tables the stage takes, so that a re-schedule goes
the way of every schedule: what is done stays, and of the rest as little moves as pays.
"""

from lotwise.schedule.events.change import Changed, change
from lotwise.schedule.events.events import Down, Events, Floor, Late, Rush, Scrap, read
from lotwise.schedule.events.reschedule import reschedule

__all__ = ["Changed", "Down", "Events", "Floor", "Late", "Rush", "Scrap", "change", "read", "reschedule"]

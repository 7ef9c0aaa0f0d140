"""When each order is made, on which machine, after what.

``Shop`` is a whole problem in arrays, ``Found`` a schedule with its value and how it was found. Between them stand the list
decoder with annealing, tabu search for classical shops and CP-SAT; an independent checker looks at every schedule.
Without a project: ``schedule`` on any frames; ``read`` makes a shop of them, ``read_fjsp`` and ``read_jsp`` of a text.
``run`` is the stage; ``lotwise.schedule.events`` makes a schedule anew after something happened.
"""

from lotwise.schedule.formats import read_fjsp, read_jsp
from lotwise.schedule.frames import Result, schedule
from lotwise.schedule.reading import read
from lotwise.schedule.run import run

__all__ = ["Result", "read", "read_fjsp", "read_jsp", "run", "schedule"]

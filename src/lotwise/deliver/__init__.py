"""Tours that bring finished orders to customers.

``deliver`` plans tours for any stops and vehicles; ``run`` is the stage, which plans the first days of what the factory
finishes. The search is PyVRP's (``[routes]``); every tour passes the rules in ``check`` before anybody sees it.
"""

from lotwise.deliver.formats import Instance, read_solomon, read_vrp
from lotwise.deliver.frames import deliver
from lotwise.deliver.reading import Rules
from lotwise.deliver.run import run
from lotwise.deliver.tours import Delivery, Summary

__all__ = ["Delivery", "Instance", "Rules", "Summary", "deliver", "read_solomon", "read_vrp", "run"]

"""Public text formats of routing problems as the frames that ``deliver`` takes."""

from lotwise.deliver.formats.instance import Instance
from lotwise.deliver.formats.solomon import read_solomon
from lotwise.deliver.formats.vrplib import read_vrp

__all__ = ["Instance", "read_solomon", "read_vrp"]

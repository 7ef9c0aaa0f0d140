"""The text formats that instances of the literature come in."""

from lotwise.schedule.formats.flexible import read_fjsp
from lotwise.schedule.formats.job_shop import read_jsp

__all__ = ["read_fjsp", "read_jsp"]

"""Documents → AnnualReports. The only room that parses file formats.

``read_report`` takes the bytes of any report and gives what stands in it; what cannot be read for certain stays unread
and says why.
"""

from gongkai.reading.document import read_grid, read_report
from gongkai.reading.grid import Grid, GridRow, HiddenPart, Slot, Unreadable
from gongkai.reading.inside import look_inside

__all__ = ["Grid", "GridRow", "HiddenPart", "Slot", "Unreadable", "look_inside", "read_grid", "read_report"]

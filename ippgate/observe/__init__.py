"""What the gate says of itself: one closed list of things worth noticing, written as structured logs and counted.

event         the closed list
log           note(Event, facts), about(job=…); JSON or console on standard error
safe          hostile text made harmless, long text made short (SECURITY S28)
foreign       what asyncio, aiohttp and other libraries log goes the same way
counting      what services count
metrics       counters, histograms and gauges in Prometheus' format, for one worker or many
workers       several workers share their figures through files under the home
monitor       figures that must be asked for (jobs by state, devices), never older than a bound; readiness
"""

from ippgate.observe.event import Event
from ippgate.observe.log import about, configure, mishap, note

__all__ = ["Event", "about", "configure", "mishap", "note"]

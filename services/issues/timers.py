"""What happens in issues by time. Each handler turns a ring into a command and hands the unit of work to one use case."""

from shared.timers import Timers

timers = Timers("issues")

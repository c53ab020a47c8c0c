"""Photos made safe: decoded and written anew in a process of its own, without anything but the picture."""

"""The outermost layer: who is asking, how often, and which service answers. No framework on this path."""

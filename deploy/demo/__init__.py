"""`./mulin demo`: the main job of the platform, played through the gateway and verified by reading every step back."""

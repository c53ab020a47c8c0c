"""What the volunteers service can do: one file each."""

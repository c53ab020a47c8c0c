"""What people do with neighbourhood events, one file each."""

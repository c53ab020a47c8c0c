"""Who is asking and what they may do: signed principals and the role × action matrix."""

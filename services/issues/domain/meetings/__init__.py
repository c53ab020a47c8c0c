"""What belongs to meetings beside the meeting itself: who is invited, who came, what was written down, when it comes again."""

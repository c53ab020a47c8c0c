"""What events takes and answers over HTTP."""

"""What a running process tells about itself: metrics, structured logs, event-loop lag."""

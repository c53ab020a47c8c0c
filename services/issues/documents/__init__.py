"""What leaves the service as a document: calendars, printable pages, Word and Excel files. Pure functions of what they show."""

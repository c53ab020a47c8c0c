"""Brings spreadsheets into the platform through the gateway: `./mulin import issues FILE.xlsx --community feicuicheng`."""

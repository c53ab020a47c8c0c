"""Neighbourhood events (邻里活动): what is on, who comes, who waits, who came."""

"""What people look at: straight from SQL to views, bound to one community."""

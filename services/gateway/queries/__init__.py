"""Read side: SQL straight to rows for the views, page by page, inside one community."""

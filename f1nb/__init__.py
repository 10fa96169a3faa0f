"""A pit wall in a notebook."""

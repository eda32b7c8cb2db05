"""The rooms of the panel: pages that are no list of rows."""

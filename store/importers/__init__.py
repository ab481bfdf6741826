"""The import formats and the registry that finds the right one by content."""

"""The parts of the screen, one widget a file.

Widgets know nothing of each other or of the library: state comes down by methods and attributes,
what a person does goes up as messages, and the screen routes.
"""

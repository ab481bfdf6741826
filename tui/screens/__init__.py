"""The screens: the main one, which routes, its controllers, and the dialogs."""

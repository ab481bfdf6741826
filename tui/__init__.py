"""What a person sees of broadsheet: the command line and the terminal app."""

"""What the terminal is and can: the link, the driver, the clipboard, links, endings."""

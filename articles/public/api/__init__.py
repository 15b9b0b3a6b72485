"""What programs read: the JSON that readers of this format consume, and an API of our own."""

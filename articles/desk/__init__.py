"""What the desk remembers of people: accounts, open forms, mail."""

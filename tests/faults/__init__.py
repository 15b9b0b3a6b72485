"""What an operator fears, done on purpose: `python -m tests.faults [NAME…]`."""

"""What is kept when a process is killed, a file call fails, the power goes, or others write too.

`python -m tests.faults` runs all of it at length (`make faults`); the tests run a little of each.
Each part forks its victims from a process that has everything loaded and no threads.
"""

"""csprio is plain-text customer success.

It reads an accounts file and a few YAML files of policy, and answers which accounts deserve a
Customer Success team's time (grades and tiers) and what each person does this week (calendars and
worklists). Every answer is a pure function of those files and one date.
"""

__version__ = "0.1.0"

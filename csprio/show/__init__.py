"""Answers out: one neutral `Sheet` in, bytes of a format out, and what is said on stderr.

The only room that knows rich, quoting and escaping. Nothing here decides anything about accounts.
"""

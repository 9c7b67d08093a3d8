"""Pure functions: tables and rules in, tables and findings out.

No file, clock, terminal or environment is seen here. Each stage says whether it works per account
(any partition of the rows gives the same answer), per owner, or over the whole book.
"""

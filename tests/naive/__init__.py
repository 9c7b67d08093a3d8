"""A second csprio, written from the contract alone, row by row, to disagree with the first.

It knows text cells, ``datetime`` and ``decimal``, and nothing of the product: a mistake would
have to be made twice to stay hidden. It is slow on purpose; every clause is carried out in the
plainest way that can be read beside the contract. What it does not answer: the columns ``note``
and ``why``, and the value of customers without a contract (``model: transactions``).
"""

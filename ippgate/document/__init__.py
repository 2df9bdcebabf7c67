"""Documents as bytes: what can be said of them, and around them, without knowing who prints or where. Pure.

`pjl` writes the lines that go before and after a document on a raw connection, and reads what a device answers.
"""

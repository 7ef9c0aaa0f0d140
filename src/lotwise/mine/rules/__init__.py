"""What is bought or chosen together, and what is bought next: rules, each with its measures and its verdict.

Itemsets come from the part beside it, ``itemsets``; here they become rules (``derive``), are measured (``measures``),
tested with a correction for all that were tried (``significance``) and weighed in money (``worth``).
``publish`` does so for a project's tables, ``frames`` for a frame of the user's own.
"""

"""How customers choose: models of discrete choice and their estimation.

``Choices`` says who could choose what and what was taken; ``logit``, ``nested``, ``latent`` and ``mixed`` turn it into
``Fitted``: part-worths, their errors and probabilities. What follows from them for products is told by ``mine.preferences``.
"""

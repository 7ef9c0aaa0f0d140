"""What customers write: sentiment, aspects, requests, topics and intents of texts in English and Chinese.

Texts come from events that hold one, or from a frame of your own. Models are trained and calibrated on the texts at hand; the
word lists they lean on are our own and lie in ``words/``. Nothing is downloaded.
"""

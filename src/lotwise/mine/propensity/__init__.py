"""What each customer will do in the coming weeks: buy a category, buy anything, leave.

Features are what was known on past days (``features``), several classifiers learn from them (``classifiers``), their
chances are calibrated on later weeks (``calibrate``), and the best of them on weeks kept apart is used (``learn``).
"""

"""Ways to forecast, all behind one door: a task in, a curve out.

Series methods look at one series at a time and at nothing but its own past; learners are told all sources and
pool over series; the rest combine others. ``registry.METHODS`` lists them by name.
"""

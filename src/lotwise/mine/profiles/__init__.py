"""Profiles: what is known of each customer, feature by feature, each with what it rests on.

How often a customer will order and for how much comes from models of all customers together (BG/NBD and Gamma-Gamma);
what a customer likes is counted. Everything is as of one day, and no row after it counts.
"""

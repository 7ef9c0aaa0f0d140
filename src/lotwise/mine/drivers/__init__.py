"""What moves a target: units, returns, stars, scrap, or any column of any table.

A model of trees is learned and taken apart exactly (TreeSHAP); what each feature is worth is measured again by shuffling
it in weeks kept apart, and beside both stand the coefficients of a linear model.
"""

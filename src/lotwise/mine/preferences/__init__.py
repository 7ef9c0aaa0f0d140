"""What customers choose and what it is worth to them: which product of a category, which value of an option.

Choice sets are read from sales, a choice model is fitted to them, and from it come part-worths, willingness to pay,
substitution, shares under other offers and prices, and the product line that earns most.
"""

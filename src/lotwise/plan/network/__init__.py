"""Plans over a network of items and activities: components, suppliers, sites, set-ups, lots."""

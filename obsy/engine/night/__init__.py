"""The night as a table: a pure supervisor that decides, activities that act, and a lookout that distrusts."""

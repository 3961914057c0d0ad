"""Plans for others: self-contained for other observatories with obsy, or as other programs take them."""

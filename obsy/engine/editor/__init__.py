"""What an editor is told of a file while it is written: complaints, words that fit, what a word means, and where."""

"""What is declared, held against what the store and the headers of solved frames say."""

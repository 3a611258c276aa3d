"""What is said about an item outside its text: validity, interpretations, other organs' answers, topics, index numbers."""

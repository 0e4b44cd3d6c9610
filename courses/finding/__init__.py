"""Find courses in Chinese: by part of a word, by another word for it, by its sound, with a slip."""

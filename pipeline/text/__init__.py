"""What several rooms know about plain text: offsets, input that stalls a tokenizer, word lists. Loads no model."""

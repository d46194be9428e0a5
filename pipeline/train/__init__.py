"""Train: gold articles -> a folder in models/. A program of its own; no room imports it.

Takes the gold of ../shared/gold (train for learning, dev for the figures on the card) and a MiniLM base; gives the
weights as ONNX int8, the tokenizer, a config and a model card. Needs the `train` extra.
"""

"""Quotation marks, paired (to be written by the quotes work; interface fixed)."""

"""Draws a definition's pages: the engine's plain values in, HTML out."""

"""Exchanging seats: what it costs, who may have which, and how it is asked for."""

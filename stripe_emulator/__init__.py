"""A stand-in for Stripe: its HTTP API, a pay page and signed webhooks, in a process of its own.

Nothing here is imported by the rest of Marquee and nothing of Marquee is imported here. What the
two say to each other goes over HTTP, as it does with Stripe itself.
"""

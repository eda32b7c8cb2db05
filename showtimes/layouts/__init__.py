"""
The seats of a screen, and how they change. What a layout is, `theaters.layouts` knows; this is here
because this app knows which seats are taken.
"""

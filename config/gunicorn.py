"""
How gunicorn runs the site. `gunicorn config.wsgi --config python:config.gunicorn --workers 4`
"""

worker_class = "gthread"
threads = 8
# A worker takes in three times what it works on; the rest of a crowd waits in the kernel, for
# whichever worker is free. One that is killed takes no more than these with it.
worker_connections = 24
# How many may wait there. Linux allows no more than net.core.somaxconn (4096 since 5.4).
backlog = 2048
control_socket_disable = True

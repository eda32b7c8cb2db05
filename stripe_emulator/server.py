"""Serving: threads, keep-alive, and an end that comes at once when asked for."""

import logging
import signal
import sys
import threading

from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from stripe_emulator import accounts
from stripe_emulator.clock import agenda
from stripe_emulator.webhooks import courier

log = logging.getLogger("stripe_emulator")

HOST = "127.0.0.1"


class Server(ThreadedWSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        log.debug("%s hung up", client_address)


class Handler(WSGIRequestHandler):
    # Headers and body leave in two writes. With Nagle's algorithm the second would wait for the
    # client's delayed acknowledgement: 40 ms on every answer.
    disable_nagle_algorithm = True
    timeout = 75

    def get_environ(self):
        return {**super().get_environ(), "emulator.connection": self.connection}

    def log_request(self, code="-", size="-"):
        """The path without its query, where client secrets are."""
        log.info(
            "%s %s %s", self.command, self.path.partition("?")[0], getattr(code, "value", code)
        )

    def log_message(self, format, *args):
        log.info("refused a request: " + format, *args)


def serve():
    """Answer on settings.EMULATOR_PORT (0: any free one) until SIGTERM or SIGINT."""
    try:
        server = Server((HOST, settings.EMULATOR_PORT), Handler)
    except OSError as error:
        sys.exit(f"stripe_emulator: port {settings.EMULATOR_PORT}: {error.strerror}")
    server.set_app(get_wsgi_application())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    accounts.add_configured()
    agenda.start()
    courier.start()
    log.info("Stripe emulator ready on http://%s:%d", HOST, server.server_port)
    log.info("webhooks go to %s", courier.url or "nobody")
    server.serve_forever(poll_interval=0.1)
    server.server_close()

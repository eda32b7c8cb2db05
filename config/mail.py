"""How mail gets into the outbox."""

from post_office.backends import EmailBackend


class Outbox(EmailBackend):
    """
    django-post-office's: a message becomes a row in the transaction that sends it; the jobs
    deliver it. It takes every text for a template, where ours are finished: a `{{` in somebody's
    name must stay what it is.
    """

    def send_messages(self, email_messages):
        for message in email_messages:
            message.subject = literal(message.subject)
            message.body = literal(message.body)
            message.alternatives = [
                alternative._replace(content=literal(alternative.content))
                for alternative in getattr(message, "alternatives", [])
            ]
        return super().send_messages(email_messages)


def literal(text: str) -> str:
    """A template that says `text`, whatever that is."""
    return text.replace("{", "{% templatetag openbrace %}") if "{" in text else text

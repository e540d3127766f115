"""Mailboxes that are thrown away after one message. A short list of the best-known; being on it is a hint only."""

DOMAINS = frozenset(
    {
        "10minutemail.com",
        "dispostable.com",
        "fakeinbox.com",
        "getnada.com",
        "grr.la",
        "guerrillamail.com",
        "guerrillamail.net",
        "maildrop.cc",
        "mailinator.com",
        "mailnesia.com",
        "mintemail.com",
        "mohmal.com",
        "sharklasers.com",
        "spamgourmet.com",
        "temp-mail.org",
        "tempmail.dev",
        "throwawaymail.com",
        "trashmail.com",
        "yopmail.com",
    }
)


def is_disposable(email: str) -> bool:
    """Whether the mailbox is of such a domain or below one."""
    domain = email.rpartition("@")[2].casefold().rstrip(".")
    parts = domain.split(".")
    return any(".".join(parts[start:]) in DOMAINS for start in range(len(parts) - 1))

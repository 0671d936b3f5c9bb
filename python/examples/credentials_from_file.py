"""Renews a token from a file: the client calls the provider before the first request, and again after a 401.

    python credentials_from_file.py TOKEN_FILE
"""

import sys
from pathlib import Path

import clanforge

token_file = Path(sys.argv[1])


def credentials() -> clanforge.Credentials:
    return clanforge.Credentials(token=token_file.read_text().strip())


with clanforge.Client(credentials_provider=credentials) as client:
    print(client.image_status(1234, 5678).percent_text)

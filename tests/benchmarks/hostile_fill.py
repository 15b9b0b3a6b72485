"""A hostile newsroom to look at: `with_django hostile_fill FOLDER` prints a session and pages."""

from __future__ import annotations

import json
from pathlib import Path

from django.test import Client

from tests.hostile import hostile_newsroom
from tests.walking import addresses


def main(folder: str) -> None:
    client = Client()
    client.force_login(hostile_newsroom(Path(folder)))
    session = client.cookies["sessionid"].value
    # Pages that this person may not open have nothing to show.
    pages = [address for address in addresses() if client.get(address).status_code == 200]
    print(json.dumps({"session": session, "pages": pages}))

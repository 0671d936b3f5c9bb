"""Waits for several images at once with asyncio, and prints how each wait ended.

    python watch_images.py ACCOUNT_SERVICE_ID IMAGE_ID [IMAGE_ID ...]
"""

from __future__ import annotations

import asyncio
import sys

from clanforge import Outcome
from clanforge.aio import AsyncClient


async def main(account_service_id: int, image_ids: list[int]) -> int:
    # One client for all waits, which share its connections.
    async with AsyncClient() as client:

        async def watch(image_id: int) -> Outcome:
            before = await client.baseline(account_service_id, image_id)
            # Deploy the new version here.
            async for update in client.watch(account_service_id, image_id, baseline=before):
                if update.update == "outcome":
                    print(f"image {image_id}: {update.reason}")
                    return update
                if update.update == "reading":
                    print(f"image {image_id}: {update.status.percent_text} completed")
            raise RuntimeError("the wait ended without an outcome")

        outcomes = await asyncio.gather(*(watch(image_id) for image_id in image_ids))
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]), [int(word) for word in sys.argv[2:]])))

"""Reads a status under trio, in a thread: an AsyncClient needs asyncio."""

import trio

import clanforge


async def main() -> None:
    with clanforge.Client() as client:
        status = await trio.to_thread.run_sync(client.image_status, 1234, 5678)
    print(status.percent_text)


trio.run(main)

"""Prints the status of an image, and which of its regions have failed machines."""

import clanforge

status = clanforge.image_status(1234, 5678, detail=True)
print(status.readiness, status.percent_text)
for region in status.failed_regions():
    print(region["name"], region["failed_machines"])

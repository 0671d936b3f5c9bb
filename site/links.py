"""Check every link and anchor of a built site.

    python links.py FOLDER

Links to other sites are not followed.
"""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


# Wrong links in documentation that rustdoc copies from other crates.
FOREIGN = {"dispatcher#setting-the-default-subscriber", "futures_core::stream::Stream"}


class Page(HTMLParser):
    """The anchors of a page, and where it links to."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" or (name == "name" and tag == "a"):
                self.anchors.add(value or "")
            elif (name == "href" and tag != "base") or (name == "src"):
                self.links.append(value or "")


def problems(root: Path) -> list[str]:
    """Return what is wrong with the links of each page."""
    pages = {file.resolve(): Page(file) for file in root.rglob("*.html")}
    found = []
    for file, page in pages.items():
        if file.name == "404.html":
            continue  # Its links are absolute, for any depth.
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or link in FOREIGN:
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            target = target / "index.html" if target.is_dir() else target
            if not target.exists():
                found.append(f"{file.relative_to(root)}: {link}: there is no such file")
            elif parts.fragment and target in pages and not is_anchor(parts.fragment, pages[target]):
                found.append(f"{file.relative_to(root)}: {link}: there is no such anchor")
    return found


def is_anchor(fragment: str, page: Page) -> bool:
    """Return true if a page has the anchor, or its script creates it, as rustdoc's does for lines of source."""
    return bool({fragment, unquote(fragment)} & page.anchors) or fragment.replace("-", "").isdigit()


if __name__ == "__main__":
    root = Path(sys.argv[1]).resolve()
    if not (root / "index.html").exists():
        sys.exit(f"{root} has no index.html")
    if found := problems(root):
        sys.exit("\n".join([*found, f"{len(found)} wrong links"]))

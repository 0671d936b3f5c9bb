"""Shows the examples of docstrings as code: an extension of griffe, which reads the Python package for the site.

The docstrings have examples for doctest between their paragraphs. Markdown would show these as quotations.
"""

from __future__ import annotations

import re

import griffe

EXAMPLE = re.compile(r"(?:^>>> .*(?:\n(?!\s*$).*)*\n?)+", re.MULTILINE)


class DoctestBlocks(griffe.Extension):
    """Puts each example between fences."""

    def on_instance(self, *, obj: griffe.Object, **_: object) -> None:
        """Rewrite the docstring of a module, class, function or attribute that was read."""
        if obj.docstring:
            obj.docstring.value = EXAMPLE.sub(lambda found: f"```pycon\n{found[0].rstrip()}\n```\n", obj.docstring.value)

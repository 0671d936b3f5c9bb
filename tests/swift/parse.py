"""Parse Swift sources, and the examples of a page, by a grammar, and fail where one does not follow it.

Two things that UniFFI writes are in Swift's own grammar and not in this one. They are put into another form first, and must
be there, so that what is excused does not outlive its reason.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import tree_sitter
import tree_sitter_swift

EXCUSED = {
    # An attribute that hides a declaration from the documentation.
    b"@_documentation(visibility: private)": b"",
    # A closure that returns the empty tuple.
    b"{ () }": b"{ Void() }",
}


def errors(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    if node.type == "ERROR" or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from errors(child)


def source(path: str) -> bytes:
    text = Path(path).read_bytes()
    if not path.endswith(".md"):
        return text
    # Each example in a scope of its own, in the line that it has on the page.
    lines = re.split(rb"^```(\w*)$", text, flags=re.MULTILINE)
    examples = [part if lines[at - 1] == b"swift" else re.sub(rb"[^\n]", b"", part) for at, part in enumerate(lines) if at % 2 == 0]
    return b"".join(examples)


def main() -> int:
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_swift.language()))
    if not parser.parse(b"func broken( {").root_node.has_error:
        print("the grammar takes anything for Swift")
        return 1
    problems = []
    sources = {path: source(path) for path in sys.argv[1:]}
    text = b"".join(sources.values())
    problems += [f"there is no `{form.decode()}` any more: excuse it no longer" for form in EXCUSED if form not in text]
    for path, text in sources.items():
        for form, other in EXCUSED.items():
            text = text.replace(form, other)
        for error in errors(parser.parse(text).root_node):
            line = error.start_point.row + 1
            problems.append(f"{path}:{line}: no Swift: {error.text[:80] if error.text else error.type!r}")
    print("\n".join(problems[:10]), end="\n" if problems else "")
    return 1 if problems else 0


sys.exit(main())

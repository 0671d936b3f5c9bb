"""Parse Swift sources, and the examples of a page, by a grammar, and fail where one does not follow it.

UniFFI writes two constructs that are valid Swift, but that this grammar lacks. They are rewritten first. It is an error if one
of them does not occur, so that needless rewrites are removed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import tree_sitter
import tree_sitter_swift

REWRITTEN = {
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
        print("the grammar accepts invalid Swift")
        return 1
    problems = []
    sources = {path: source(path) for path in sys.argv[1:]}
    text = b"".join(sources.values())
    problems += [f"`{form.decode()}` no longer occurs: remove it from REWRITTEN" for form in REWRITTEN if form not in text]
    for path, text in sources.items():
        for form, other in REWRITTEN.items():
            text = text.replace(form, other)
        for error in errors(parser.parse(text).root_node):
            line = error.start_point.row + 1
            problems.append(f"{path}:{line}: not Swift: {error.text[:80] if error.text else error.type!r}")
    print("\n".join(problems[:10]), end="\n" if problems else "")
    return 1 if problems else 0


sys.exit(main())

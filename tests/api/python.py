"""Print the public API of the installed package as griffe reads it, in the form of a stub file.

Every public module lists what it exports. A definition is printed once, in the first module that exports it. Members that a
class inherits from a private class of the package are printed with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import griffe

PACKAGE = griffe.load("clanforge", allow_inspection=False)
WIDTH = 120


def main() -> None:
    modules = [PACKAGE, *(module for name, module in sorted(PACKAGE.modules.items()) if not name.startswith("_"))]
    exported = {module.path: sorted(str(name) for name in module.exports or ()) for module in modules}
    first: dict[str, str] = {}
    for path, names in exported.items():
        for name in names:
            first.setdefault(resolved(PACKAGE.modules_collection[path][name]).canonical_path, f"{path}.{name}")
    for path, names in exported.items():
        print(f"# {path}\n")
        for name in names:
            item = resolved(PACKAGE.modules_collection[path][name])
            place = first[item.canonical_path]
            lines = definition(name, item, set(first)) if place == f"{path}.{name}" else [f"{name} = {place}"]
            print("\n".join(lines), end="\n\n")


def resolved(item: Any) -> Any:
    return item.final_target if item.is_alias else item


def definition(name: str, item: Any, public: set[str]) -> Iterator[str]:
    if item.is_module:
        yield f"module {name}"
    elif item.is_function:
        yield from function(name, item)
    elif item.is_attribute:
        yield attribute(name, item)
    else:
        bases = ", ".join(str(base) for base in item.bases)
        yield from (f"@{decorator.value}" for decorator in item.decorators)
        yield f"class {name}({bases}):" if bases else f"class {name}:"
        found = sorted(members(item, public).items())
        for member, value in found:
            yield from (f"    {line}" for line in definition(member, value, public))
        if not found:
            yield "    ..."


def members(of: Any, public: set[str]) -> dict[str, Any]:
    """Return the public members of a class, with those that it inherits from private classes."""
    inherited = {name: resolved(alias) for name, alias in of.inherited_members.items()}
    hidden = {name: value for name, value in inherited.items() if value.parent.canonical_path not in public}
    found = {**hidden, **{name: resolved(value) for name, value in of.members.items()}}
    return {name: value for name, value in found.items() if is_public(name, value)}


def is_public(name: str, value: Any) -> bool:
    is_special_method = name.startswith("__") and name.endswith("__") and value.is_function
    return not name.startswith("_") or is_special_method or name == "__match_args__"


def function(name: str, of: Any) -> Iterator[str]:
    for overload in of.overloads or (of,):
        yield from (f"@{decorator.value}" for decorator in overload.decorators)
        awaited = "async " if "async" in overload.labels else ""
        signature = f"{awaited}def {overload.signature(name=name)}"
        if len(signature) <= WIDTH:
            yield signature
            continue
        # A parameter on each line: a change shows as that line.
        yield f"{awaited}def {name}("
        yield from (f"    {parameter}," for parameter in parameters(overload))
        yield f") -> {overload.returns}"


def parameters(of: Any) -> Iterator[str]:
    marked = False
    # As in griffe's own signatures.
    bound = of.parent.is_class and "staticmethod" not in of.labels
    for each in list(of.parameters)[bound:]:
        if each.kind is griffe.ParameterKind.var_positional:
            marked = True
        elif each.kind is griffe.ParameterKind.keyword_only and not marked:
            marked = True
            yield "*"
        star = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}.get(each.kind, "")
        annotation = f": {each.annotation}" if each.annotation is not None else ""
        has_default = each.default is not None and not star
        yield f"{star}{each.name}{annotation}" + (f" = {each.default}" if has_default else "")


def attribute(name: str, of: Any) -> str:
    kind = "property " if "property" in of.labels else ""
    annotation = f": {of.annotation}" if of.annotation is not None else ""
    # The values of an instance are not part of its interface.
    is_constant = "instance-attribute" not in of.labels or "class-attribute" in of.labels
    has_value = of.value is not None and is_constant
    return f"{kind}{name}{annotation}" + (f" = {of.value}" if has_value else "")


main()

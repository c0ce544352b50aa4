#!/usr/bin/env python3
"""The reference of keys, made of what `winze schema` prints: every key of a case with what it means, its unit, range and default.

    winze schema | python3 scripts/key_reference.py > docs/keys.md
"""
import json
import sys

HEAD = """# Keys of a case

Made of `winze schema` by `scripts/key_reference.py`; do not edit. `winze help KEY` says the same on a terminal, and an editor that knows the
schema says it while you type ([how](../README.md#write-a-case)). `<name>` stands for a name of yours, `[]` for an entry of a list (a list of one
may be the entry itself). Values with a dimension carry a unit, `45 GPa`. In italics: one of several choices.
"""


def target(schema):
    """The definition that a property refers to, or None."""
    for entry in [schema, *schema.get("allOf", []), *schema.get("anyOf", [])]:
        if "$ref" in entry:
            return entry["$ref"].rsplit("/", 1)[1]
    return None


def rows_of(schema, path, definitions, known):
    """(path, whether it is a choice, description) of everything below. A definition is written out where it is met first."""
    items = next((entry["items"] for entry in [schema, *schema.get("anyOf", [])] if entry.get("type") == "array"), None)
    if items:
        path, schema = f"{path}[]", items
    name = target(schema)
    if name:
        if name in known:
            yield path, None, f"as `{known[name]}`"
            return
        known[name] = path
        schema = definitions[name]
    for key, entry in schema.get("properties", {}).items():
        yield from row(entry, f"{path}.{key}" if path else key, False, definitions, known)
    more = schema.get("additionalProperties")
    if isinstance(more, dict):
        yield from rows_of(more, f"{path}.<name>", definitions, known)
    for entry in schema.get("anyOf", []):
        for key, choice in entry.get("properties", {}).items():
            yield from row(choice, f"{path}.{key}", True, definitions, known)


def row(entry, path, choice, definitions, known):
    text = entry.get("description", "")
    if "enum" in entry:
        text += "; one of " + ", ".join(str(value) for value in entry["enum"])
    yield path, choice, text
    yield from rows_of(entry, path, definitions, known)


def page(schema):
    known, out = {}, [HEAD]
    for key, entry in schema["properties"].items():
        out += [f"## {key}\n", entry.get("description", "").replace("\n", " ") + "\n"]
        rows = list(rows_of(entry, key, schema.get("definitions", {}), known))
        merged = []
        for path, choice, text in rows:  # `as ...` goes into the row of the key itself
            if choice is None and merged and merged[-1][0] == path.removesuffix("[]"):
                merged[-1] = (path, merged[-1][1], f"{merged[-1][2]}; {text}")
            else:
                merged.append((path, choice, text))
        if merged:
            out.append("| key | meaning |\n|---|---|")
            for path, choice, text in merged:
                text = " ".join(text.split()).replace("|", "\\|")
                out.append(f"| {'*' if choice else ''}`{path}`{'*' if choice else ''} | {text} |")
            out.append("")
    return "\n".join(out).rstrip() + "\n"


if __name__ == "__main__":
    sys.stdout.write(page(json.load(sys.stdin)))

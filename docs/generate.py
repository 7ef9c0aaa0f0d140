"""Write the generated pages of the documentation from the declarations in the code.

``python docs/generate.py`` writes them; ``python docs/generate.py --check`` says whether they are as
the code would write them, which a test asks.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
import msgspec
import typer.main

from lotwise import config
from lotwise.cli import app
from lotwise.stages import in_order
from lotwise.tables import TABLES

HERE = Path(__file__).parent
NOTE = "<!-- Written by docs/generate.py from the code; change the code, then run: make docs -->\n\n"


def tables() -> str:
    """Return the page of every table."""
    lines = ["# Tables\n", "A stage takes named tables and gives named tables. `lotwise tables` prints the same.\n"]
    for table in TABLES.values():
        lines += [f"## {table.name}\n", f"{table.meaning[0].upper()}{table.meaning[1:]}."]
        lines += [f"Key: {', '.join(f'`{name}`' for name in table.key)}.\n" if table.key else ""]
        lines += ["| column | type | unit | may be empty | meaning |", "| --- | --- | --- | --- | --- |"]
        for column in table.columns:
            choices = f" ({', '.join(column.choices)})" if column.choices else ""
            empty = "yes" if column.nullable else ""
            lines.append(f"| `{column.name}` | {column.type} | {column.unit} | {empty} | {column.meaning}{choices} |")
        lines.append("")
    return "\n".join(lines)


def settings() -> str:
    """Return the page of every setting."""
    lines = [
        "# Settings\n",
        "One file, `lotwise.toml`, one section a stage. Unknown keys are refused with the closest known one.\n",
    ]
    seen: set[type] = set()
    for section in msgspec.structs.fields(config.Settings):
        kind = next(kind for kind in (section.type, *getattr(section.type, "__args__", ())) if _is_struct(kind))
        lines += _section(kind, seen)
    return "\n".join(lines)


def _section(kind: type[msgspec.Struct], seen: set[type]) -> list[str]:
    if kind in seen:
        return []
    seen.add(kind)
    described = msgspec.json.schema(kind)["$defs"][kind.__name__]
    lines = [f"## {kind.__name__}\n", f"{described['description']}\n", "| key | default | meaning |", "| --- | --- | --- |"]
    inner: list[str] = []
    for known in msgspec.structs.fields(kind):
        meaning = described["properties"][known.encode_name].get("description", "")
        lines.append(f"| `{known.encode_name}` | {_default(known)} | {meaning} |")
        for part in _structs(known.type):
            inner += _section(part, seen)
    return [*lines, "", *inner]


def _default(known: Any) -> str:  # noqa: ANN401  a field of any type
    if known.required:
        return "required"
    value = known.default if known.default is not msgspec.NODEFAULT else known.default_factory()
    if value in (None, "", [], {}, ()):
        return ""
    return f"`{value}`".replace("|", "\\|")


def _is_struct(kind: Any) -> bool:  # noqa: ANN401  a type expression
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _structs(kind: Any) -> list[type[msgspec.Struct]]:  # noqa: ANN401  a type expression
    if _is_struct(kind):
        return [kind]
    return [found for part in getattr(kind, "__args__", ()) for found in _structs(part)]


def stages() -> str:
    """Return the page of every stage."""
    lines = ["# Stages\n", "In the order that follows from what each takes and gives. Each runs alone: `lotwise plan`.\n"]
    for stage in in_order():
        lines += [f"## {stage.name}\n", f"{stage.meaning}\n"]
        takes = [name for name in stage.takes if "." not in name] or ["what the stage before it passes on, or your files"]
        lines.append(f"- takes: {', '.join(takes)}")
        if may := [name for name in stage.may_take if "." not in name]:
            lines.append(f"- uses where they exist: {', '.join(may)}")
        lines.append(f"- gives: {', '.join(stage.gives)}")
        lines += [f"- reads: {', '.join(f'`[{section}]`' for section in stage.reads)}", ""]
    return "\n".join(lines)


def commands() -> str:
    """Return the page of every command."""
    lines = ["# Commands\n"]
    group = typer.main.get_command(app)
    for name, command in sorted(group.commands.items()):  # type: ignore[attr-defined]  a group has commands
        lines += [f"## lotwise {name}\n", f"{command.help}\n"]
        for parameter in command.params:
            shown = ", ".join(f"`{option}`" for option in parameter.opts)
            shown = (
                shown
                if isinstance(parameter, click.Option) or hasattr(parameter, "show_default")
                else f"`{parameter.name.upper()}`"
            )
            lines.append(f"- {shown}: {getattr(parameter, 'help', '') or ''}")
        lines.append("")
    return "\n".join(lines)


def schedules() -> str:
    """Return the page of schedules beside PyJobShop, as the benchmark last found them."""
    kept = json.loads((HERE.parent / "benchmarks" / "results" / "schedules.json").read_text(encoding="utf-8"))
    families = {name: found for name, found in kept["figures"].items() if isinstance(found, dict)}
    said = (
        f"`make bench ONLY=schedules`, {kept['date']}, seed {kept['seed']}, {kept['machine']}: PyJobShop 0.0.9 with OR-Tools "
        f"and lotwise, {kept['figures']['seconds']:g} seconds of the clock and two workers each, one after the other. Small is "
        "good: makespans, or money of late orders and set-ups. A ratio below 1 is ours.\n"
    )
    lines = [
        "# Schedules beside PyJobShop\n",
        said,
        "| family | instance | method | lotwise | PyJobShop | ratio |",
        "| --- | --- | --- | ---: | ---: | ---: |",
    ]
    for family, found in families.items():
        for name, row in found["instances"].items():
            theirs = "none in time" if row["pyjobshop"] is None else f"{row['pyjobshop']:,.0f} ({row['status'].lower()})"
            ratio = "" if not row["pyjobshop"] else f"{row['lotwise'] / row['pyjobshop']:.3f}"
            lines.append(f"| {family} | {name} | {row['method']} | {row['lotwise']:,.0f} | {theirs} | {ratio} |")
        lines.append(f"| **{family}** | mean | | | | **{found['ratio']:.3f}** |")
    return "\n".join([*lines, ""])


PAGES = {
    "tables.md": tables,
    "settings.md": settings,
    "stages.md": stages,
    "commands.md": commands,
    "schedules.md": schedules,
}


def main() -> int:
    """Write or check every page and return the exit status."""
    different = []
    for name, page in PAGES.items():
        text = NOTE + page().rstrip() + "\n"
        file = HERE / "reference" / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            different.append(name)
            if "--check" not in sys.argv:
                file.parent.mkdir(exist_ok=True)
                file.write_text(text, encoding="utf-8")
    print(f"{'differ' if '--check' in sys.argv else 'written'}: {', '.join(different) or 'none'}")
    return int(bool(different) and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())

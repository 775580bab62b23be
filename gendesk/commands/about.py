"""Commands that tell what there is: families and data sets, and the environment."""

import typer
from rich.table import Table

from gendesk.commands.options import Json, folders
from gendesk.terminal import output, print_json


def list_command(context: typer.Context, as_json: Json = False) -> None:
    """List families, recipes, presets and data sets."""
    from gendesk.data.catalogue import catalogue
    from gendesk.engine.families import find_families

    families = find_families(folders(context).plugins)
    if as_json:
        listed = [
            {
                "id": family.id,
                "title": family.title,
                "summary": family.summary,
                "error": family.error,
                "recipes": [
                    {
                        "id": recipe.id,
                        "title": recipe.title,
                        "summary": recipe.summary,
                        "data": str(recipe.data),
                        "default_data": recipe.default_data,
                        "presets": list(recipe.presets),
                    }
                    for recipe in family.recipes
                ],
            }
            for family in families
        ]
        datasets = [
            {"name": entry.name, "title": entry.title, "kind": str(entry.kind), "summary": entry.summary}
            for entry in catalogue()
        ]
        print_json({"families": listed, "datasets": datasets})
        return
    for family in families:
        table = Table(title=family.title, title_justify="left", title_style="bold", box=None, pad_edge=False)
        for heading in ("recipe", "presets", "data", "what it does"):
            table.add_column(heading, style="cyan" if heading == "recipe" else "", no_wrap=heading != "what it does")
        for recipe in family.recipes:
            table.add_row(recipe.id, ", ".join(recipe.presets), recipe.default_data, recipe.summary)
        output.print(table if not family.error else family.error)
    output.print("\nData sets")
    for entry in catalogue():
        output.print(f"  {entry.name}: {entry.summary}")


def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Show the environment: versions, devices, display, sound, MIDI and folders."""
    from gendesk.engine.environment import environment

    facts = environment(context.obj)
    if as_json:
        print_json(facts)
        return
    for title, values in facts.items():
        output.print(title, style="bold")
        for key, value in values.items():
            output.print(f"  {key}: {value}")

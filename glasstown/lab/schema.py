"""The published JSON Schemas of a scenario and a scheme, for editors that check while typing.

``python -m glasstown.lab.schema docs/schema`` writes them anew.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Literal

from glasstown.lab.scenario import Scenario
from glasstown.scheme.declaration import Scheme

Subject = Literal["scenario", "scheme"]
SUBJECTS: tuple[Subject, ...] = ("scenario", "scheme")
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(of: Subject = "scenario") -> dict[str, Any]:
    """Return the JSON Schema of a scenario's or a scheme's file."""
    model = Scenario if of == "scenario" else Scheme
    schema = model.model_json_schema()
    definitions = schema.pop("$defs")
    if of == "scenario":
        definitions["ChangedScheme"] = _changes(definitions["Scheme"])
        for node in (schema["properties"]["scheme"], definitions["Phase"]["properties"]["scheme"]):
            node.pop("$ref", None)
            node["anyOf"] = [
                {"type": "string", "description": "A shipped scheme's name, or a path to a file."},
                {"$ref": "#/$defs/ChangedScheme"},
                {"$ref": "#/$defs/Scheme"},
            ]
        return {"$schema": _DIALECT, **schema, "$defs": definitions}
    definitions["ChangedScheme"] = _changes(schema)
    definitions["Scheme"] = schema
    options = [{"$ref": "#/$defs/Scheme"}, {"$ref": "#/$defs/ChangedScheme"}]
    return {"$schema": _DIALECT, "title": "Scheme", "anyOf": options, "$defs": definitions}


def _changes(scheme: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of changes to a scheme: the same keys, none but ``from`` needed."""
    start = {"type": "string", "description": "The scheme that the changes are made to."}
    return {
        "title": "Changes to a scheme",
        "description": "Keys merge, lists replace, null removes.",
        "type": "object",
        "properties": {"from": start, **{key: {} for key in scheme["properties"]}},
        "required": ["from"],
        "additionalProperties": False,
    }


def schema_text(of: Subject) -> str:
    """Return a schema as the text that is published."""
    return json.dumps(json_schema(of), indent=2, ensure_ascii=False) + "\n"


def publish(folder: Path) -> None:
    """Write both schemas into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for of in SUBJECTS:
        (folder / f"{of}.schema.json").write_text(schema_text(of), "utf-8")


if __name__ == "__main__":
    publish(Path(sys.argv[1]))

"""PayPal's published descriptions of its API, as far as they lie here: every call and answer is held against them.

The descriptions are not part of the project: without the folder named by `PAYPAL_SPECS` nothing is checked.
"""

import gzip
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

HERE = Path(os.environ.get("PAYPAL_SPECS") or Path(__file__).parents[3] / "shared" / "data" / "payments-paypal")
FILES = (
    "checkout_orders_v2",
    "payments_payment_v2",
    "customer_disputes_v1",
    "notifications_webhooks_v1",
    "reporting_transactions_v1",
)
Plain = dict[str, Any]


def is_here() -> bool:
    return (HERE / f"{FILES[0]}.json.gz").is_file()


def violations(verb: str, path: str, query: str, sent: Any, status: int, answer: Any) -> list[str]:
    """What a call and its answer have that PayPal's description does not allow; empty without descriptions."""
    if not is_here() or path == "/v1/oauth2/token":
        return []
    found = _described(verb.lower(), path)
    if found is None:
        return [f"PayPal describes no {verb} {path}"]
    name, template = found
    place = f"urn:paypal:{name}#/paths/{template.replace('~', '~0').replace('/', '~1')}/{verb.lower()}"
    operation = _documents()[name]["paths"][template][verb.lower()]
    complaints = _of_query(name, operation, query)
    if "requestBody" in operation:
        complaints += _complaints(f"{place}/requestBody/content/application~1json/schema", sent, "sent")
    described = (operation["responses"].get(str(status)) or {}).get("content")
    if described:
        schema = f"{place}/responses/{status}/content/application~1json/schema"
        complaints += _complaints(schema, answer, f"answered {status}")
    elif status < 300 and str(status) not in operation["responses"]:
        complaints.append(f"PayPal never answers {status}")
    return [f"{verb} {path}: {complaint}" for complaint in complaints]


def _complaints(schema: str, value: Any, what: str) -> list[str]:
    validator = Draft7Validator({"$ref": schema}, registry=_registry())
    return [
        f"{what}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        for error in validator.iter_errors(value)
    ]


def _of_query(name: str, operation: Plain, query: str) -> list[str]:
    known = _documents()[name]["components"].get("parameters", {})
    parameters = (
        [known[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in operation["parameters"]]
        if "parameters" in operation
        else []
    )
    allowed = {one["name"]: one for one in parameters if one["in"] == "query"}
    given = dict(parse_qsl(query))
    complaints = [f"query {one} is not described" for one in given if one not in allowed]
    complaints += [
        f"query {one} is missing" for one, said in allowed.items() if said.get("required") and one not in given
    ]
    for one, value in given.items():
        schema = allowed.get(one, {}).get("schema", {})
        typed = int(value) if schema.get("type") == "integer" else value
        complaints += [f"query {one}: {error.message}" for error in Draft7Validator(schema).iter_errors(typed)]
    return complaints


@cache
def _documents() -> dict[str, Plain]:
    return {name: json.loads(gzip.decompress((HERE / f"{name}.json.gz").read_bytes())) for name in FILES}


@cache
def _registry() -> Any:
    registry: Any = Registry()
    for name, document in _documents().items():
        registry = registry.with_resource(f"urn:paypal:{name}", DRAFT7.create_resource(document))
    return registry


@cache
def _described(verb: str, path: str) -> tuple[str, str] | None:
    for name, document in _documents().items():
        for template, operations in document["paths"].items():
            if verb in operations and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                return name, template
    return None

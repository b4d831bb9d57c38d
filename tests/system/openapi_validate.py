"""Run by openapi_test.py, which has a validator installed: a document, and replies held against it."""

import json
import sys

from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator


def flaws_of(document, sample):
    """What of a reply the document had not announced."""
    responses = document["paths"][sample["path"]][sample["method"]]["responses"]
    content = responses[str(sample["status"])]["content"]
    schema = content[sample["type"]]["schema"]
    whole = {**schema, "components": document["components"]}  # that its references are found
    return Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(sample["body"])


def main():
    question = json.load(sys.stdin)
    document = question["document"]
    flaws = [f"{error.json_path}: {error.message}"
             for error in OpenAPIV31SpecValidator(document).iter_errors()]
    for sample in question["samples"] if not flaws else ():
        flaws += [f"{sample['method']} {sample['path']} {sample['status']} {error.json_path}: "
                  f"{error.message}" for error in flaws_of(document, sample)]
    print(*flaws, sep="\n")
    return 1 if flaws else 0


if __name__ == "__main__":
    sys.exit(main())

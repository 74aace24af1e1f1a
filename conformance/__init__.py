"""Does the service keep to the standards? The W3C's own tests, asked over HTTP.

The tests are those of the SPARQL 1.1 Protocol, Graph Store Protocol and Service Description in
https://github.com/w3c/rdf-tests. They are read from a checkout and never copied here.
"""

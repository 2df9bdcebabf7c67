"""Turn IANA's registry file into the Python tables of `ippgate.ipp.registry`.

A tool of the house, never imported by the running gate: `python -m ippgate.ipp.generate ipp-registrations.xml`
rewrites the registry, and a test regenerates it and compares it with what is committed.

- `source`: reads the XML into plain records, mending it with `errata` and adding `extras`
- `grammar`: the syntax notation of the registry ("1setOf (type2 keyword | name(MAX))") made canonical
- `render`: records → text of the modules
"""

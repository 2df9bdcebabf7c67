"""Documents as bytes: what can be said of them, and around them, without knowing who prints or where. Pure.

    examination   a stream of any format: sniffed, then read by whoever knows its language
    sniff         the format by the first octets
    facts         what an examiner is
    media, tally  pages counted by size, by colour, by copies
    postscript (dsc), pcl, pclxl, pwg_raster, urf, jpeg, png, text   one examiner for each language
    pjl_job       a job of several parts among lines of PJL
    pjl           the lines that go before and after a document on a raw connection, and what a device answers

A PDF is read in a process of its own: `ippgate.examine`.
"""

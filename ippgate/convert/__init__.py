"""Documents are converted to what a device prints, by Debian's cups-filters, in processes that are given nothing.

formats    what can be converted to what, and what is preferred
sheet      what the result is laid out for: paper, resolution, colour, sides; said to the filters as a PPD
layout     which sheet that is, by a job's ticket, its document and its device
converter  whether and how: a document streams in, the result streams out, within bounds (settings, errors)
folder     what its filters have to themselves, and what killed gates have left of such
conversion one of them: its warden is fed, read, and ended
warden     the program that confines the filters, watches them, and kills them all; order: what it is told
cell       what a filter gives up before it begins: seccomp, landlock, limits

`cupsfilter` says which filters lead from one format to the other; the warden runs those. A filter has no network, no
file but the system's programs and fonts and a folder of its own in memory, no environment, and ends with the warden.
Nothing of a document touches a disk.
"""

"""How bytes reach a device: one port, a transport for each scheme.

- `port`: what delivery asks of any transport; `open`: which transport a device's URI means
- `address`, `lookup`: where a device is, read strictly, looked up once
- `source`: the document on its way out; `tcp`: how much of it a device has taken, and how a connection ends
- `socket`: raw 9100, on a `wire`; `raw_body`: the document between PJL lines
- `lpd`: RFC 1179, on a `wire`; `lpd_job`: its words; `lpd_talk`: a word sent, an octet answered
- `ipp`: IPP and IPPS: `ipp_ticket` decides what a device is asked for, `ipp_request` asks, `ipp_exchange` carries,
  `ipp_body` streams, `ipp_answer` understands, `printer_model` reads who made it
- `certificate`: what a device shows, to be pinned
"""

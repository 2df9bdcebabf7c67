"""The IPP door: a request is read, understood, checked, and handed to a service; its outcome is told as IPP.

    door          HTTP in, HTTP out: reads the message, finds the operation, answers whatever happens
    exchange      one request under way, as operations see it
    body          the document octets that follow a message, as a stream
    bearer        whose printer URI it came by; person: whose certificate was shown; welcome: who may print to a queue
    uri           what a printer-uri or job-uri points to
    answer        what goes back, and its octets
    status        errors of the services as IPP status
    login         who has proven to be an operator
    services      what the door asks of the gate

Operations, one module per target object, each: authorise → find → check → act → answer.

    table         which function answers which operation
    printer       Get-Printer-Attributes, Get-User-Printer-Attributes, Identify-Printer
    describing    Set-Printer-Attributes, Get-Printer-Supported-Values
    system        the gate as a whole: Get-System-Attributes, Get-Printers
    creation      Print-Job, Validate-Job, Create-Job
    document      Send-Document, Close-Job
    document_object  Get-Documents, Get- and Set-Document-Attributes, Cancel-Document, Validate-Document
    listing       Get-Jobs, Cancel-My-Jobs, Cancel-Jobs
    traffic       operators' own: Pause-, Resume-, Enable-, Disable-Printer, Hold-New-Jobs, Release-Held-New-Jobs;
                  Promote-Job, Schedule-Job-After, Suspend-Current-Job
    job           Get- and Set-Job-Attributes, Hold-, Release-, Resume-, Cancel-Job
    subscription  Create-Printer- and Create-Job-Subscriptions, Get-Subscriptions, and those on one of them
    notification  Get-Notifications
    cups          what lp, lpstat and cancel ask of a server: CUPS-Get-Printers, CUPS-Get-Default

What objects tell of themselves.

    face          a queue's printer attributes: encoded once, completed for each answer
    description   those of them that change only with the queue's definition
    supplies      toner and its like, as far as one device tells
    claims        what a queue may say of itself as a whole: versions, IPP Everywhere
    job_attributes  a job's attributes; document_attributes: a document's
    subscribing   the groups of subscription attributes in requests, and those that answer them
    subscription_attributes  a subscription's attributes, and those of a notice
    requested     requested-attributes; which_jobs: which-jobs; model.privacy: what only owners see
    client_type   what kind of client asks; shown: what it is shown of its own held job
    quick         attributes made without looking anything up
"""

from ippgate.doors.ipp.door import IppDoor
from ippgate.doors.ipp.services import Services

__all__ = ["IppDoor", "Services"]

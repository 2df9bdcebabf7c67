"""TLS for the doors: ipps and https on a port of their own.

settings     where the certificate is
own          the certificate that the gate makes for itself
keeper       what new clients are shown: loaded, watched, loaded again without a restart
clients      certificates that clients may show, and who keeps the list of them
people       who people are by certificates that an authority has issued
handshakes   the port: clients are counted when they connect, and have a deadline for shaking hands
"""

from ippgate.doors.tls.clients import ClientCertificates
from ippgate.doors.tls.keeper import CertificateUnusable, TlsKeeper
from ippgate.doors.tls.settings import TlsSettings

__all__ = ["CertificateUnusable", "ClientCertificates", "TlsKeeper", "TlsSettings"]

"""The real ippeveprinter behaves as told, and ipptool reads it."""

from collections.abc import Callable

from tests.rig.avahi import Avahi
from tests.rig.command import run
from tests.rig.documents import PDF
from tests.rig.eventually import eventually
from tests.rig.ippeveprinter import IppEvePrinter
from tests.rig.ipptool import ipptool


async def test_ipptool_passes_get_printer_attributes(ippeveprinter: IppEvePrinter) -> None:
    verdicts = await ipptool(ippeveprinter.uri, "get-printer-attributes.test")
    assert len(verdicts.passed) == 1, verdicts
    assert not verdicts.failed, verdicts
    assert "application/pdf" in verdicts.answer["document-format-supported"]


async def test_it_speaks_tls_with_its_own_certificate(ippeveprinter: IppEvePrinter) -> None:
    verdicts = await ipptool(ippeveprinter.tls_uri, "get-printer-attributes.test")
    assert not verdicts.failed, verdicts
    assert ippeveprinter.certificate().startswith("-----BEGIN CERTIFICATE-----")


async def test_it_keeps_the_document_it_printed(ippeveprinter: IppEvePrinter) -> None:
    verdicts = await ipptool(ippeveprinter.uri, "print-job.test", document=PDF)
    assert not verdicts.failed, verdicts
    assert (await ippeveprinter.kept_document()).read_bytes() == PDF.read_bytes()


async def test_a_failing_test_file_tells_what_was_expected(ippeveprinter: IppEvePrinter) -> None:
    verdicts = await ipptool(
        ippeveprinter.uri,
        """{
          NAME "A wrong hope"
          OPERATION Get-Printer-Attributes
          GROUP operation-attributes-tag
          ATTR charset attributes-charset utf-8
          ATTR language attributes-natural-language en
          ATTR uri printer-uri $uri
          STATUS client-error-not-found
        }""",
    )
    assert verdicts.failed == ["A wrong hope"]
    assert "EXPECTED: STATUS client-error-not-found" in str(verdicts)


async def test_it_is_busy_while_it_waits(printers: Callable[..., IppEvePrinter]) -> None:
    printer = printers(behaviour="waits")
    await ipptool(printer.uri, "print-job.test")
    await printer.printing()
    busy = await ipptool(printer.uri, "print-job.test")
    assert busy.all[0].status == "server-error-busy"
    printer.go()


async def test_it_waits_again_when_told_to_hold(printers: Callable[..., IppEvePrinter]) -> None:
    printer = printers(behaviour="waits")
    printer.go()
    await ipptool(printer.uri, "print-job.test")
    await printer.printing()
    await eventually(lambda: "completed successfully" in printer.log(), "the first job to end")
    printer.hold()
    await ipptool(printer.uri, "print-job.test")
    await printer.printing()
    assert len(printer.kept()) == 2
    assert printer.log().count("completed successfully") == 1
    printer.go()


async def test_it_aborts_a_job_when_told_to_fail(printers: Callable[..., IppEvePrinter]) -> None:
    printer = printers(behaviour="fails")
    await ipptool(printer.uri, "print-job.test")

    async def aborted() -> bool:
        jobs = await ipptool(printer.uri, "get-completed-jobs.test")
        return any(group.get("job-state") == 8 for verdict in jobs.all for group in verdict.response)

    await eventually(aborted, "the job to be aborted", every=0.1)


async def test_it_is_announced_on_loopback_only(ippeveprinter: IppEvePrinter, avahi: Avahi) -> None:
    async def announced() -> list[str]:
        found = await run("avahi-browse", "--all", "--terminate", "--parsable", env=avahi.env)
        wanted = ippeveprinter.name.replace(" ", "\\032")
        return [line.split(";")[1] for line in found.out.splitlines() if f";{wanted};" in line]

    interfaces = await eventually(announced, "the announcement")
    assert set(interfaces) == {"lo"}

"""The limit: bare PostgreSQL, one connection, one large object filled by `lo_put` in pieces of a MiB."""

import time

import asyncpg

from bench.document import MIB, Large


async def put(dsn: str, document: Large) -> float:
    """Store a document with nothing around it, each piece in a transaction of its own; MiB a second."""
    connection = await asyncpg.connect(dsn)
    try:
        oid = await connection.fetchval("SELECT lo_create(0)")
        write = await connection.prepare("SELECT lo_put($1, $2, $3)")
        started = time.perf_counter()
        for number, piece in enumerate(document.pieces()):
            await write.fetchval(oid, number * MIB, piece)
        rate = document.size / MIB / (time.perf_counter() - started)
        await connection.execute("SELECT lo_unlink($1)", oid)
    finally:
        await connection.close()
    return rate

"""PostgreSQL, and nothing else knows of it but the spool: pool, named queries, migrations, notifications, repositories.

SQL text lives in sql/; a Record never leaves this package; every foreign error is translated where it enters.
"""

"""SQL that differs between SQLite and PostgreSQL, and nothing else."""


def freeze_statements(table: str, dialect: str) -> tuple[str, ...]:
    """Give the statements that make a table's rows refuse UPDATE and DELETE; for migrations."""
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER frozen_{table}_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"
            for verb in ("UPDATE", "DELETE")
        )
    events = "BEFORE UPDATE OR DELETE"
    return (f"CREATE TRIGGER frozen_{table} {events} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",)


REFUSE_CHANGE = (
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is frozen', TG_TABLE_NAME; END $$"
)
"""PostgreSQL's function behind those triggers; made once."""


def hold_statement(table: str, dialect: str) -> str | None:
    """Give the statement that waits for writers of a table and keeps new ones out; SQLite has one writer anyway."""
    return None if dialect == "sqlite" else f"LOCK TABLE {table} IN SHARE MODE"


def counting_lock(dialect: str) -> str | None:
    """Give the statement that lets one transaction at a time change counts; SQLite has one writer anyway."""
    return None if dialect == "sqlite" else f"SELECT pg_advisory_xact_lock({_COUNTS})"


_COUNTS = 0x7A11
"""Any number that no other lock of the product has."""

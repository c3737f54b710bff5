"""A mark of danger is settled: its city says that it took care of it."""

from alembic import op

from surveys.sql import freeze_statements, thaw_statements

revision = '20261129_2000'
down_revision = '20261129_1430'
branch_labels = None
depends_on = None

FROZEN = "comment_decision"
EVENTS = "'show', 'redact', 'hide', 'second_look', 'confirm', 'overturn', 'urgent', 'undo', 'purge'"


def upgrade() -> None:
    """Let a decision say that a mark was settled."""
    _change(f"event IN ({EVENTS}, 'settle')")


def downgrade() -> None:
    """Refused by the database where a mark was settled: frozen rows are not thrown away."""
    _change(f"event IN ({EVENTS})")


def _change(condition: str) -> None:
    dialect = op.get_bind().dialect.name
    for statement in thaw_statements(FROZEN, dialect):
        op.execute(statement)
    with op.batch_alter_table(FROZEN) as batch:
        batch.drop_constraint(op.f(f'ck_{FROZEN}_event'), type_='check')
        batch.create_check_constraint(op.f(f'ck_{FROZEN}_event'), condition)
    for statement in freeze_statements(FROZEN, dialect):
        op.execute(statement)

"""Those who work in an administration are an audience of their own."""

from alembic import op

from surveys.sql import freeze_statements, thaw_statements

revision = '20261129_1430'
down_revision = '20261129_0400'
branch_labels = None
depends_on = None

FROZEN = "questionnaire_version"


def upgrade() -> None:
    """Let a questionnaire ask staff."""
    _change("audience IN ('resident', 'business', 'staff')")


def downgrade() -> None:
    """Refused by the database where a questionnaire of staff was frozen: frozen rows are not thrown away."""
    _change("audience IN ('resident', 'business')")


def _change(condition: str) -> None:
    dialect = op.get_bind().dialect.name
    for statement in thaw_statements(FROZEN, dialect):
        op.execute(statement)
    for table in (FROZEN, "proposed_questionnaire"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f'ck_{table}_audience'), type_='check')
            batch.create_check_constraint(op.f(f'ck_{table}_audience'), condition)
    for statement in freeze_statements(FROZEN, dialect):
        op.execute(statement)

"""Initiatives of the ministry's list and of cities, their examination, and documents of cities."""

import sqlalchemy as sa
from alembic import op

from surveys.sql import freeze_statements, thaw_statements

revision = '20261129_0400'
down_revision = '20261129_0300'
branch_labels = None
depends_on = None

FROZEN = (
    'initiative_list',
    'initiative',
    'initiative_text',
    'initiative_event',
    'initiative_examination',
    'initiative_evaluation',
)


def upgrade() -> None:
    """No list is shipped: the ministry imports its own."""
    op.create_table('city_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('title_kk', sa.String(length=300), nullable=False),
    sa.Column('title_ru', sa.String(length=300), nullable=False),
    sa.Column('title_en', sa.String(length=300), nullable=False),
    sa.Column('document_day', sa.Date(), nullable=False),
    sa.Column('is_approved', sa.Boolean(), nullable=False),
    sa.Column('approved_on', sa.Date(), nullable=True),
    sa.Column('approved_by_kk', sa.String(length=200), nullable=False),
    sa.Column('approved_by_ru', sa.String(length=200), nullable=False),
    sa.Column('approved_by_en', sa.String(length=200), nullable=False),
    sa.Column('decision', sa.String(length=80), nullable=False),
    sa.Column('until_year', sa.Integer(), nullable=True),
    sa.Column('address', sa.String(length=800), nullable=False),
    sa.Column('replaces', sa.Integer(), nullable=True),
    sa.Column('written_by', sa.Integer(), nullable=False),
    sa.Column('released_by', sa.Integer(), nullable=True),
    sa.Column('released_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('reason_kk', sa.String(length=400), nullable=False),
    sa.Column('reason_ru', sa.String(length=400), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'withdrawn') = (reason_kk <> '' AND reason_ru <> '')", name=op.f('ck_city_document_reason')),
    sa.CheckConstraint("(state IN ('released', 'replaced', 'withdrawn')) = (released_on IS NOT NULL)", name=op.f('ck_city_document_released_on')),
    sa.CheckConstraint("kind IN ('strategy', 'architecture')", name=op.f('ck_city_document_kind')),
    sa.CheckConstraint("state IN ('draft', 'released', 'replaced', 'withdrawn', 'removed')", name=op.f('ck_city_document_state')),
    sa.CheckConstraint('is_approved = (approved_on IS NOT NULL)', name=op.f('ck_city_document_approved_on')),
    sa.CheckConstraint('replaces <> id', name=op.f('ck_city_document_replaces')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_city_document_version')),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_city_document_city')),
    sa.ForeignKeyConstraint(['released_by'], ['staff.id'], name=op.f('fk_city_document_released_by')),
    sa.ForeignKeyConstraint(['replaces'], ['city_document.id'], name=op.f('fk_city_document_replaces')),
    sa.ForeignKeyConstraint(['written_by'], ['staff.id'], name=op.f('fk_city_document_written_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_city_document'))
    )
    op.create_index('ix_city_document_city', 'city_document', ['city', 'kind'], unique=False)
    op.create_table('city_initiative',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('edition', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('submitted_on', sa.Date(), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('started_on', sa.Date(), nullable=True),
    sa.Column('finished_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('planned', 'submitted', 'examined', 'returned', 'not_supported', 'supported', 'running', 'finished', 'evaluated', 'withdrawn', 'stopped')", name=op.f('ck_city_initiative_state')),
    sa.CheckConstraint("state NOT IN ('finished', 'evaluated') OR finished_on IS NOT NULL", name=op.f('ck_city_initiative_finished_on')),
    sa.CheckConstraint("state NOT IN ('running', 'finished', 'evaluated') OR started_on IS NOT NULL", name=op.f('ck_city_initiative_started_on')),
    sa.CheckConstraint('revision >= 1', name=op.f('ck_city_initiative_revision')),
    sa.CheckConstraint('started_on <= finished_on', name=op.f('ck_city_initiative_days')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_city_initiative_version')),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_city_initiative_city')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_city_initiative'))
    )
    op.create_index('ix_city_initiative_city_state', 'city_initiative', ['city', 'state'], unique=False)
    op.create_table('initiative_list',
    sa.Column('edition', sa.String(length=64), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('imported_by', sa.Integer(), nullable=False),
    sa.Column('imported_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('revision >= 1', name=op.f('ck_initiative_list_revision')),
    sa.ForeignKeyConstraint(['imported_by'], ['staff.id'], name=op.f('fk_initiative_list_imported_by')),
    sa.PrimaryKeyConstraint('edition', 'revision', name=op.f('pk_initiative_list'))
    )
    op.create_table('initiative_stage',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('edition', sa.String(length=64), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('report', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_initiative_stage_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_initiative_stage'))
    )
    op.create_table('initiative',
    sa.Column('edition', sa.String(length=64), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('area', sa.String(length=16), nullable=False),
    sa.Column('name_kk', sa.String(length=300), nullable=False),
    sa.Column('name_ru', sa.String(length=300), nullable=False),
    sa.Column('name_en', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['edition', 'revision'], ['initiative_list.edition', 'initiative_list.revision'], name=op.f('fk_initiative_edition_revision')),
    sa.PrimaryKeyConstraint('edition', 'revision', 'code', name=op.f('pk_initiative'))
    )
    op.create_table('initiative_evaluation',
    sa.Column('initiative', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('before', sa.Integer(), nullable=False),
    sa.Column('after', sa.Integer(), nullable=False),
    sa.Column('figures', sa.Text(), nullable=False),
    sa.Column('evaluated_by', sa.Integer(), nullable=False),
    sa.Column('evaluated_on', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('before < after', name=op.f('ck_initiative_evaluation_order')),
    sa.ForeignKeyConstraint(['after'], ['publication.number'], name=op.f('fk_initiative_evaluation_after')),
    sa.ForeignKeyConstraint(['before'], ['publication.number'], name=op.f('fk_initiative_evaluation_before')),
    sa.ForeignKeyConstraint(['evaluated_by'], ['staff.id'], name=op.f('fk_initiative_evaluation_evaluated_by')),
    sa.ForeignKeyConstraint(['initiative'], ['city_initiative.id'], name=op.f('fk_initiative_evaluation_initiative')),
    sa.PrimaryKeyConstraint('initiative', 'number', name=op.f('pk_initiative_evaluation'))
    )
    op.create_table('initiative_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('initiative', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('body_kk', sa.String(length=800), nullable=False),
    sa.Column('body_ru', sa.String(length=800), nullable=False),
    sa.Column('address', sa.String(length=800), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("state IN ('planned', 'submitted', 'examined', 'returned', 'not_supported', 'supported', 'running', 'finished', 'evaluated', 'withdrawn', 'stopped')", name=op.f('ck_initiative_event_state')),
    sa.CheckConstraint("step <> 'finish' OR address <> ''", name=op.f('ck_initiative_event_finish_address')),
    sa.CheckConstraint("step IN ('create', 'save', 'submit', 'recall', 'support', 'return', 'refuse', 'differ', 'withdraw', 'start', 'report', 'finish', 'stop', 'evaluate')", name=op.f('ck_initiative_event_step')),
    sa.ForeignKeyConstraint(['by'], ['staff.id'], name=op.f('fk_initiative_event_by')),
    sa.ForeignKeyConstraint(['initiative'], ['city_initiative.id'], name=op.f('fk_initiative_event_initiative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_initiative_event'))
    )
    op.create_index('ix_initiative_event_initiative', 'initiative_event', ['initiative'], unique=False)
    op.create_table('initiative_neighbour',
    sa.Column('initiative', sa.Integer(), nullable=False),
    sa.Column('other', sa.Integer(), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.CheckConstraint('initiative <> other', name=op.f('ck_initiative_neighbour_other')),
    sa.CheckConstraint('score BETWEEN 0 AND 1', name=op.f('ck_initiative_neighbour_score')),
    sa.ForeignKeyConstraint(['initiative'], ['city_initiative.id'], name=op.f('fk_initiative_neighbour_initiative')),
    sa.ForeignKeyConstraint(['other'], ['city_initiative.id'], name=op.f('fk_initiative_neighbour_other')),
    sa.PrimaryKeyConstraint('initiative', 'other', name=op.f('pk_initiative_neighbour'))
    )
    op.create_table('initiative_text',
    sa.Column('initiative', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('area', sa.String(length=16), nullable=False),
    sa.Column('title_kk', sa.String(length=200), nullable=False),
    sa.Column('title_ru', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('what_kk', sa.String(length=1200), nullable=False),
    sa.Column('what_ru', sa.String(length=1200), nullable=False),
    sa.Column('what_en', sa.String(length=1200), nullable=False),
    sa.Column('indicators', sa.String(length=400), nullable=False),
    sa.Column('cost', sa.BigInteger(), nullable=True),
    sa.Column('year_from', sa.Integer(), nullable=True),
    sa.Column('year_to', sa.Integer(), nullable=True),
    sa.Column('elsewhere', sa.String(length=600), nullable=False),
    sa.Column('registers', sa.String(length=600), nullable=False),
    sa.Column('personal_data', sa.String(length=4), nullable=False),
    sa.Column('personal_basis', sa.String(length=600), nullable=False),
    sa.Column('languages', sa.String(length=600), nullable=False),
    sa.Column('keeper_kk', sa.String(length=200), nullable=False),
    sa.Column('keeper_ru', sa.String(length=200), nullable=False),
    sa.Column('contact', sa.String(length=200), nullable=False),
    sa.Column('written_by', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("personal_data IN ('', 'no', 'yes')", name=op.f('ck_initiative_text_personal_data')),
    sa.CheckConstraint('cost >= 0', name=op.f('ck_initiative_text_cost')),
    sa.CheckConstraint('revision >= 1', name=op.f('ck_initiative_text_revision')),
    sa.CheckConstraint('year_from <= year_to', name=op.f('ck_initiative_text_years')),
    sa.ForeignKeyConstraint(['initiative'], ['city_initiative.id'], name=op.f('fk_initiative_text_initiative')),
    sa.ForeignKeyConstraint(['written_by'], ['staff.id'], name=op.f('fk_initiative_text_written_by')),
    sa.PrimaryKeyConstraint('initiative', 'revision', name=op.f('pk_initiative_text'))
    )
    op.create_table('initiative_examination',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('initiative', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('examiner', sa.Integer(), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=True),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('opinion', sa.String(length=16), nullable=False),
    sa.Column('conditions_kk', sa.String(length=600), nullable=False),
    sa.Column('conditions_ru', sa.String(length=600), nullable=False),
    sa.Column('note', sa.String(length=600), nullable=False),
    sa.Column('private_note', sa.String(length=400), nullable=False),
    sa.Column('given_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("(conditions_kk = '') = (conditions_ru = '')", name=op.f('ck_initiative_examination_conditions')),
    sa.CheckConstraint("(opinion = 'cannot_judge') = (slot IS NULL)", name=op.f('ck_initiative_examination_slot_of_opinion')),
    sa.CheckConstraint("conditions_kk = '' OR opinion = 'support'", name=op.f('ck_initiative_examination_conditions_of_support')),
    sa.CheckConstraint("opinion IN ('support', 'return', 'not_support', 'cannot_judge')", name=op.f('ck_initiative_examination_opinion')),
    sa.CheckConstraint('points BETWEEN 0 AND 255', name=op.f('ck_initiative_examination_points')),
    sa.CheckConstraint('slot BETWEEN 1 AND 3', name=op.f('ck_initiative_examination_slot')),
    sa.ForeignKeyConstraint(['examiner'], ['staff.id'], name=op.f('fk_initiative_examination_examiner')),
    sa.ForeignKeyConstraint(['initiative', 'revision'], ['initiative_text.initiative', 'initiative_text.revision'], name=op.f('fk_initiative_examination_initiative_revision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_initiative_examination')),
    sa.UniqueConstraint('initiative', 'revision', 'examiner', name=op.f('uq_initiative_examination_initiative_revision_examiner')),
    sa.UniqueConstraint('initiative', 'revision', 'slot', name=op.f('uq_initiative_examination_initiative_revision_slot'))
    )

    dialect = op.get_bind().dialect.name
    for table in FROZEN:
        for statement in freeze_statements(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    """What was planned, examined and found is lost."""
    dialect = op.get_bind().dialect.name
    for table in FROZEN:
        for statement in thaw_statements(table, dialect):
            op.execute(statement)
    op.drop_table('initiative_examination')
    op.drop_table('initiative_text')
    op.drop_table('initiative_neighbour')
    op.drop_table('initiative_event')
    op.drop_table('initiative_evaluation')
    op.drop_table('initiative')
    op.drop_table('initiative_stage')
    op.drop_table('initiative_list')
    op.drop_table('city_initiative')
    op.drop_table('city_document')

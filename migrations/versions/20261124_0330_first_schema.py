"""first schema."""

import sqlalchemy as sa
from alembic import op

from surveys.sql import REFUSE_CHANGE, freeze_statements

revision = '20261124_0330'
down_revision = None
branch_labels = None
depends_on = None


FROZEN = ("questionnaire_version", "run", "run_frame", "publication_file")


def upgrade() -> None:
    """Make every table, and the triggers that keep frozen rows as they are."""
    op.create_table('city',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name_kk', sa.String(length=64), nullable=False),
    sa.Column('name_ru', sa.String(length=64), nullable=False),
    sa.Column('name_en', sa.String(length=64), nullable=False),
    sa.Column('in_2019_rating', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_city'))
    )
    op.create_table('job_run',
    sa.Column('job', sa.String(length=64), nullable=False),
    sa.Column('scheduled_for', sa.DateTime(), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('detail', sa.String(length=400), nullable=False),
    sa.Column('finished_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("outcome IN ('running', 'done', 'failed')", name=op.f('ck_job_run_outcome')),
    sa.PrimaryKeyConstraint('job', 'scheduled_for', name=op.f('pk_job_run'))
    )
    op.create_table('margin_source',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('universe', sa.String(length=64), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_margin_source')),
    sa.UniqueConstraint('title', name=op.f('uq_margin_source_title'))
    )
    op.create_table('period',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('edition', sa.String(length=64), nullable=False),
    sa.Column('starts', sa.Date(), nullable=False),
    sa.Column('ends', sa.Date(), nullable=False),
    sa.CheckConstraint('starts <= ends', name=op.f('ck_period_days')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_period'))
    )
    op.create_table('questionnaire_version',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('audience', sa.String(length=16), nullable=False),
    sa.Column('definition', sa.Text(), nullable=False),
    sa.Column('frozen_on', sa.Date(), nullable=False),
    sa.CheckConstraint("audience IN ('resident', 'business')", name=op.f('ck_questionnaire_version_audience')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_questionnaire_version')),
    sa.UniqueConstraint('code', 'version', name=op.f('uq_questionnaire_version_code_version'))
    )
    op.create_table('run',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('edition', sa.String(length=64), nullable=False),
    sa.Column('edition_digest', sa.String(length=64), nullable=False),
    sa.Column('period', sa.String(length=32), nullable=False),
    sa.Column('waves', sa.String(length=400), nullable=False),
    sa.Column('alpha', sa.String(length=32), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.Column('input_digest', sa.String(length=64), nullable=False),
    sa.Column('output_digest', sa.String(length=64), nullable=False),
    sa.Column('finished_on', sa.Date(), nullable=False),
    sa.CheckConstraint("kind IN ('trial', 'official')", name=op.f('ck_run_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_run'))
    )
    op.create_table('spent_ballot',
    sa.Column('ballot_hash', sa.String(length=64), nullable=False),
    sa.Column('payload_mac', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('ballot_hash', name=op.f('pk_spent_ballot')),
    sqlite_with_rowid=False
    )
    op.create_table('city_alias',
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_city_alias_city')),
    sa.PrimaryKeyConstraint('city', 'name', name=op.f('pk_city_alias'))
    )
    op.create_table('district',
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name_kk', sa.String(length=64), nullable=False),
    sa.Column('name_ru', sa.String(length=64), nullable=False),
    sa.Column('name_en', sa.String(length=64), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_district_city')),
    sa.PrimaryKeyConstraint('city', 'code', name=op.f('pk_district'))
    )
    op.create_table('indicator_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=32), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('imported_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['period'], ['period.code'], name=op.f('fk_indicator_import_period')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator_import'))
    )
    op.create_table('margin',
    sa.Column('source', sa.Integer(), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('audience', sa.String(length=16), nullable=False),
    sa.Column('dimension', sa.String(length=32), nullable=False),
    sa.Column('category', sa.String(length=64), nullable=False),
    sa.Column('people', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('people >= 0', name=op.f('ck_margin_people')),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_margin_city')),
    sa.ForeignKeyConstraint(['source'], ['margin_source.id'], name=op.f('fk_margin_source')),
    sa.PrimaryKeyConstraint('source', 'city', 'audience', 'dimension', 'category', name=op.f('pk_margin'))
    )
    op.create_table('publication',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('run', sa.String(length=36), nullable=False),
    sa.Column('edition', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('published_on', sa.Date(), nullable=False),
    sa.Column('bundle_sha256', sa.String(length=64), nullable=False),
    sa.Column('previous_sha256', sa.String(length=64), nullable=False),
    sa.CheckConstraint("state IN ('published', 'withdrawn')", name=op.f('ck_publication_state')),
    sa.ForeignKeyConstraint(['run'], ['run.id'], name=op.f('fk_publication_run')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_publication'))
    )
    op.create_table('run_frame',
    sa.Column('run', sa.String(length=36), nullable=False),
    sa.Column('side', sa.String(length=8), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('csv_gz', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint("side IN ('input', 'output')", name=op.f('ck_run_frame_side')),
    sa.ForeignKeyConstraint(['run'], ['run.id'], name=op.f('fk_run_frame_run')),
    sa.PrimaryKeyConstraint('run', 'side', 'kind', name=op.f('pk_run_frame'))
    )
    op.create_table('wave',
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('version', sa.String(length=64), nullable=False),
    sa.Column('audience', sa.String(length=16), nullable=False),
    sa.Column('opens_on', sa.Date(), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('gate', sa.String(length=16), nullable=False),
    sa.Column('illustrative', sa.Boolean(), nullable=False),
    sa.CheckConstraint("gate IN ('open', 'contact')", name=op.f('ck_wave_gate')),
    sa.CheckConstraint("state IN ('planned', 'open', 'closed', 'frozen')", name=op.f('ck_wave_state')),
    sa.CheckConstraint('opens_on <= closes_on', name=op.f('ck_wave_days')),
    sa.ForeignKeyConstraint(['version'], ['questionnaire_version.digest'], name=op.f('fk_wave_version')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_wave'))
    )
    op.create_table('comment',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('area', sa.String(length=16), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('text', sa.String(length=500), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.CheckConstraint("state IN ('pending', 'published', 'rejected')", name=op.f('ck_comment_state')),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_comment_city')),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_comment_wave')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment')),
    sqlite_with_rowid=False
    )
    op.create_table('indicator_value',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=32), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('indicator', sa.String(length=64), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('numerator', sa.BigInteger(), nullable=True),
    sa.Column('denominator', sa.BigInteger(), nullable=True),
    sa.Column('flag', sa.String(length=16), nullable=False),
    sa.Column('source', sa.String(length=400), nullable=False),
    sa.Column('imported_by', sa.Integer(), nullable=False),
    sa.Column('imported_on', sa.Date(), nullable=False),
    sa.CheckConstraint("(status = 'reported') = (numerator IS NOT NULL)", name=op.f('ck_indicator_value_reported_has_a_number')),
    sa.CheckConstraint("flag IN ('', 'above_100', 'below_0', 'above_bounds', 'below_bounds', 'no_phenomenon', 'negligible', 'confidential', 'no_data')", name=op.f('ck_indicator_value_flag')),
    sa.CheckConstraint("status IN ('reported', 'missing', 'not_applicable')", name=op.f('ck_indicator_value_status')),
    sa.CheckConstraint('(numerator IS NULL) = (denominator IS NULL)', name=op.f('ck_indicator_value_whole_fraction')),
    sa.CheckConstraint('denominator > 0', name=op.f('ck_indicator_value_denominator')),
    sa.CheckConstraint('revision >= 1', name=op.f('ck_indicator_value_revision')),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_indicator_value_city')),
    sa.ForeignKeyConstraint(['imported_by'], ['indicator_import.id'], name=op.f('fk_indicator_value_imported_by')),
    sa.ForeignKeyConstraint(['period'], ['period.code'], name=op.f('fk_indicator_value_period')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator_value')),
    sa.UniqueConstraint('period', 'city', 'indicator', 'revision', name=op.f('uq_indicator_value_period_city_indicator_revision'))
    )
    op.create_table('participation',
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('contact_hash', sa.String(length=64), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_participation_city')),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_participation_wave')),
    sa.PrimaryKeyConstraint('wave', 'contact_hash', name=op.f('pk_participation')),
    sqlite_with_rowid=False
    )
    op.create_table('publication_file',
    sa.Column('publication', sa.Integer(), nullable=False),
    sa.Column('path', sa.String(length=64), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['publication'], ['publication.number'], name=op.f('fk_publication_file_publication')),
    sa.PrimaryKeyConstraint('publication', 'path', name=op.f('pk_publication_file'))
    )
    op.create_table('tally',
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('tier', sa.String(length=16), nullable=False),
    sa.Column('cell', sa.String(length=120), nullable=False),
    sa.Column('base_weight', sa.Integer(), nullable=False),
    sa.Column('flagged', sa.Boolean(), nullable=False),
    sa.Column('n', sa.BigInteger(), nullable=False),
    sa.Column('counts', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_tally_city')),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_tally_wave')),
    sa.PrimaryKeyConstraint('wave', 'city', 'tier', 'cell', 'base_weight', 'flagged', name=op.f('pk_tally')),
    sqlite_with_rowid=False
    )
    op.create_table('wave_city',
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('target_n', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_wave_city_city')),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_wave_city_wave')),
    sa.PrimaryKeyConstraint('wave', 'city', name=op.f('pk_wave_city'))
    )
    op.create_table('response',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('version', sa.String(length=64), nullable=False),
    sa.Column('tier', sa.String(length=16), nullable=False),
    sa.Column('cell', sa.String(length=120), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('channel', sa.String(length=32), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('closed', sa.LargeBinary(), nullable=False),
    sa.Column('base_weight', sa.Integer(), nullable=False),
    sa.Column('flags', sa.Integer(), nullable=False),
    sa.Column('folded', sa.Boolean(), nullable=False),
    sa.CheckConstraint("lang IN ('kk', 'ru', 'en')", name=op.f('ck_response_lang')),
    sa.CheckConstraint("mode IN ('web', 'paper')", name=op.f('ck_response_mode')),
    sa.CheckConstraint("tier IN ('open', 'verified')", name=op.f('ck_response_tier')),
    sa.ForeignKeyConstraint(['version'], ['questionnaire_version.digest'], name=op.f('fk_response_version')),
    sa.ForeignKeyConstraint(['wave', 'city'], ['wave_city.wave', 'wave_city.city'], name=op.f('fk_response_wave_city')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_response')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('response', schema=None) as batch_op:
        batch_op.create_index('ix_response_unfolded', ['wave', 'city'], unique=False, sqlite_where=sa.text('NOT folded'), postgresql_where=sa.text('NOT folded'))
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(REFUSE_CHANGE)
    for table in FROZEN:
        for statement in freeze_statements(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    """Remove every table; triggers go with them."""
    with op.batch_alter_table('response', schema=None) as batch_op:
        batch_op.drop_index('ix_response_unfolded', sqlite_where=sa.text('NOT folded'), postgresql_where=sa.text('NOT folded'))

    op.drop_table('response')
    op.drop_table('wave_city')
    op.drop_table('tally')
    op.drop_table('publication_file')
    op.drop_table('participation')
    op.drop_table('indicator_value')
    op.drop_table('comment')
    op.drop_table('wave')
    op.drop_table('run_frame')
    op.drop_table('publication')
    op.drop_table('margin')
    op.drop_table('indicator_import')
    op.drop_table('district')
    op.drop_table('city_alias')
    op.drop_table('spent_ballot')
    op.drop_table('run')
    op.drop_table('questionnaire_version')
    op.drop_table('period')
    op.drop_table('margin_source')
    op.drop_table('job_run')
    op.drop_table('city')
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")

"""The survey side: what is asked, who may answer, what was said, and the integers folded from it.

    YAML, XLSForm ─→ authoring, xlsform: read, validate, lint
                            ↓
    questionnaire: definition ─→ versions (frozen, with a digest) ─→ compiled
                            ↓
    link, code, SMS, eGov ─→ identity (who took part) ─→ ballots (the right to answer once)
                            ↓
    responses: intake (check, pack, mask) ─→ storing (one row, once) ─→ quality (flags, never deletion)
                            ↓
    tallies: integers per city, tier and weighting cell ─→ app.ratings.inputs ─→ scoring
    fieldwork plans, opens, closes and freezes the waves in which this happens; population says who lives where.

Other packages import the modules of PUBLIC and nothing else of this one. What they give is documented where it stands.
"""

PUBLIC = (
    "authoring.findings",
    "authoring.linter",
    "authoring.yaml_source",
    "authoring.yaml_writing",
    "background",
    "ballots.ballots",
    "ballots.envelope_keys",
    "ballots.follow_codes",
    "ballots.keys",
    "ballots.receipts",
    "db",
    "decoding",
    "errors",
    "fieldwork.channels",
    "fieldwork.modes",
    "fieldwork.paper",
    "fieldwork.passes",
    "fieldwork.progress",
    "fieldwork.waves",
    "identity.codes",
    "identity.gate",
    "identity.shuffling",
    "languages",
    "models",
    "population.collation",
    "population.margins",
    "population.places",
    "quality.review",
    "quality.signals",
    "questionnaire.cells",
    "questionnaire.compiled",
    "questionnaire.definition",
    "questionnaire.kinds",
    "questionnaire.redaction",
    "questionnaire.routing",
    "questionnaire.versions",
    "responses.counted_receipts",
    "responses.envelopes",
    "responses.filing",
    "responses.intake",
    "responses.sealed_words",
    "responses.search_fold",
    "responses.shuffling",
    "responses.storing",
    "responses.withdrawal",
    "sql",
    "tallies.cube",
    "tallies.folding",
    "workbook",
    "xlsform.exchange",
    "xlsform.sheets",
    "xlsform.writing",
)
"""Modules that the app and the migrations may import; `models` with all its tables."""

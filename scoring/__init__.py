"""From indicators and counted answers to a city rating; pure: no clock, no database, no network.

    frames.Inputs: values, counts per cell, margins             edition: the method as a reviewed file
                            ↓                                               ↓
    run.rate ─→ indicators: % of implementation, area scores; formulas (1)-(4)
             ─→ opinion: raking ─→ weights ─→ estimates with standard errors, or why there is none
             ─→ totals: blend of both per area ─→ rules (groups, city) ─→ cities, ranks and their intervals
             ─→ output: tables, diagnostics, shares, findings of the linter
                            ↓
    output.rating.Rating ─→ derivation (any number down to counts and reported values) · sensitivity (other choices)
                         ─→ whatif (other values, the opinions as they are; on what output.kept keeps)

Other packages import the modules of PUBLIC and nothing else of this one.
"""

PUBLIC = (
    "derivation.explain",
    "derivation.nodes",
    "derivation.numbers",
    "edition",
    "errors",
    "frames",
    "indicators.areas",
    "opinion.estimates",
    "opinion.measures",
    "opinion.samples",
    "opinion.small_groups",
    "output.findings",
    "output.outliers",
    "output.publishable",
    "output.rating",
    "output.tables",
    "rounding",
    "run",
    "sensitivity",
    "totals.rules",
    "whatif",
)
"""Modules that the app may import."""

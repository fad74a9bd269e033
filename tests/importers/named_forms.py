"""The published forms that must run with their source's routes, and where the corpus keeps them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

CORPUS = os.environ.get("TOWNHALL_CORPUS", "")


@dataclass(frozen=True)
class NamedForm:
    """One form: its file in the corpus, its engine's dialect, and pages that no answer reaches."""

    file: str
    dialect: str
    unreachable: frozenset[str] = frozenset()

    @property
    def path(self) -> Path:
        return Path(CORPUS) / self.file

    def __str__(self) -> str:
        return self.file.rpartition("~")[2]


NAMED = (
    NamedForm(
        "ukhsa-digital-form-builder/runner~src~server~forms~ReportAnOutbreak.json",
        "xgov",
        frozenset({"/service-not-available-error"}),
    ),
    NamedForm(
        "ukhsa-digital-form-builder/runner~src~server~forms~close-contact-form-cca.json", "xgov"
    ),
    NamedForm(
        "defra-forms-engine-plugin/src~server~forms~register-as-a-unicorn-breeder.yaml", "defra1"
    ),
    NamedForm(
        "defra-forms-engine-plugin/test~form~definitions~conditions-crested-newt.json", "defra2"
    ),
    NamedForm(
        "canterbury-digital-form-builder/runner~src~server~forms~report-a-terrorist.json", "xgov"
    ),
    NamedForm("xgov-digital-form-builder/runner~src~server~forms~test.json", "xgov"),
    NamedForm(
        "communitiesuk-digital-form-builder-adapter/pfn_rp~pfn-rp-payment-profile-and-spend-forecast.json",
        "mhclg",
    ),
)

"""The published government forms that tests may read: where they are, and which are named."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(os.environ["TOWNHALL_CORPUS"]) if os.environ.get("TOWNHALL_CORPUS") else None

UKHSA = "ukhsa-digital-form-builder/runner~src~server~forms~"
NAMED = {
    "outbreak": f"{UKHSA}ReportAnOutbreak.json",
    "close-contact": f"{UKHSA}close-contact-form-cca.json",
    "unicorn": "defra-forms-engine-plugin/src~server~forms~register-as-a-unicorn-breeder.yaml",
    "newt": "defra-forms-engine-plugin/test~form~definitions~conditions-crested-newt.json",
    "terrorist": "canterbury-digital-form-builder/runner~src~server~forms~report-a-terrorist.json",
    "xgov-test": "xgov-digital-form-builder/runner~src~server~forms~test.json",
    "payment-profile": "communitiesuk-digital-form-builder-adapter/"
    "pfn_rp~pfn-rp-payment-profile-and-spend-forecast.json",
}
"""The forms that must run from their start page to confirmation with their source's routes."""


def named() -> dict[str, Path]:
    """Give the named forms' files; nothing where there is no corpus."""
    return {name: ROOT / path for name, path in NAMED.items()} if ROOT else {}

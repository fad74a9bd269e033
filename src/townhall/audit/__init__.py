"""Who did what to which record, when and why: append-only and chained."""

"""The screens of the ledger: looking, one entry, taking entries out."""

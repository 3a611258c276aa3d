"""The screens of accounts: my own, other people's, and the record of sign-ins."""

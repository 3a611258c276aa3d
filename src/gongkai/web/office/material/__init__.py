"""The screens of the entrance for material."""

"""The screens of what stands per organ: guide and rules, negative list, standard catalogue."""

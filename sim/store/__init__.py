"""Run folders: one writer, whole files or none."""

"""Words, figures and `report.html`, from results alone: those of a run folder, or in memory."""

"""One file per question: design, run, analyse."""

"""Interactive panels on trained or training models, shared by the families."""

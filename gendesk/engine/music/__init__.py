"""What studios of music ask their models, and what models of grids are trained on."""

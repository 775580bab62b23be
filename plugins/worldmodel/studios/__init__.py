"""The studios of the family, a package each; the only modules here that know Qt."""

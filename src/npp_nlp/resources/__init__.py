"""Word lists and templates shipped with the package; SOURCES.md tells where each comes from."""

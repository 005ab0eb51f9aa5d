"""How fast the portal is beside the limit that its database sets: `make bench`, read in docs/performance.md."""

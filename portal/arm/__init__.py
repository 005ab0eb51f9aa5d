"""The one resource of Azure's management by which its own client sets, reads, changes and clears a partner ID."""

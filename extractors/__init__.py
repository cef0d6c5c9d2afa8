"""What a platform shows, as typed records. Pure: no file, clock or network, and nothing of the archive."""

"""One file per platform: what its web pages say. A new platform is a new file here, found by the registry."""

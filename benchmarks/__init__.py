"""What it costs and how well it reads, measured. Never run by the program itself."""

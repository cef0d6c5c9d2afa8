"""What is handed over: a folder or zip that anyone can check with tools they have. Never alters what was kept."""

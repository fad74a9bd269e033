// Placeholder-free first build: see the next commit.

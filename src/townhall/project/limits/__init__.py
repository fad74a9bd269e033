"""How often one address may ask, so that a flood from one leaves the pages to everyone else."""

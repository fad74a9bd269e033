"""An open digital front counter for councils."""

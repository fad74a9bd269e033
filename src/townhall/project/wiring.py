"""Tables only: what one app offers and another uses without knowing it."""

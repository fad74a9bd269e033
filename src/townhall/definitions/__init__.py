"""Published services: immutable versions, and which of them is live."""
